import Foundation
import Testing

/// Reports as a user requests them: exit codes, messages, and files.
struct ReportCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text.replacing("name: small\n", with: "name: small\ntraining: none\n")
    try folder.write(text, to: "small.yaml")
  }

  private func run(_ more: String...) throws {
    let run = try Flora.run(["run", "small.yaml", "--out", "out", "--force"] + more, in: folder)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func names(_ place: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: place).path)
      .sorted()
  }

  @Test func `a report consists of a page and plots`() throws {
    try run()
    let report = try Flora.run(["report", "out"], in: folder)
    #expect(report.status == 0 && report.errors.isEmpty, "\(report.errors)")
    #expect(report.output.contains("out/report.html") && report.output.contains("out/plots"))
    let names = try names("out")
    #expect(
      names.contains("report.html") && names.contains("plots") && !names.contains("trace.json"))
    #expect(try self.names("out/plots").contains("outcomes.png"))
  }

  @Test func `without gnuplot only scripts are written, and a message explains how to install it`()
    throws
  {
    try run()
    let report = try Flora.run(
      ["report", "out"], in: folder, environment: ["PATH": folder.url.path])
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("apt install gnuplot-nox"), "\(report.output)")
    let plots = try names("out/plots")
    #expect(plots.contains("outcomes.gp") && !plots.contains { $0.hasSuffix(".svg") })
    #expect(try names("out").contains("report.html"))
  }

  @Test func `a diverged run spells NaN consistently and has a report`() throws {
    let training =
      "name: small\ntraining: { optimizer: sgd, learning_rate: 1000, weight_decay: 1000, batch_size: 16 }\n"
    try folder.write(
      SmallScenario.text.replacing("name: small\n", with: training), to: "small.yaml")
    let diverged = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--json-progress"], in: folder)
    #expect(diverged.status == 0)
    let remark =
      "training diverged: at version 1 the scores of test images are NaN or infinite; these images count as wrong"
    #expect(diverged.errors.contains(remark), "\(diverged.errors)")
    #expect(try folder.text("out/summary.csv").contains("training diverged: at version 1"))
    let rounds = try folder.text("out/rounds.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let (accuracy, loss) = (
      try #require(rounds[0].firstIndex(of: "test_accuracy")),
      try #require(rounds[0].firstIndex(of: "test_loss"))
    )
    for row in rounds where row[loss] == "NaN" { #expect(row[accuracy] == "0.0", "\(row)") }
    let fields = try ["rounds", "tasks", "summary"].map { try folder.text("out/\($0).csv") }
      .joined().split { ",\n".contains($0) }
    #expect(fields.contains("NaN"))
    #expect(!fields.contains { ["nan", "-nan", "+nan"].contains($0.lowercased()) && $0 != "NaN" })
    let report = try Flora.run(["report", "out", "--trace"], in: folder)
    #expect(report.status == 0 && report.errors.isEmpty, "\(report.errors)")
    #expect(try names("out/plots").contains("accuracy-traffic.png"))
  }

  @Test
  func `a new run removes earlier tables and keeps unrelated files`()
    throws
  {
    let sweep = try folder.text("small.yaml") + "\nsweep: { seed: [0, 1] }\n"
    try folder.write(sweep, to: "sweep.yaml")
    _ = try Flora.run(["run", "sweep.yaml", "--out", "out"], in: folder)
    #expect(try Flora.run(["report", "out"], in: folder).status == 0)
    try folder.write("mine", to: "out/plots/notes.txt")
    try folder.write("mine", to: "out/x.temporary")
    try run("--trace")
    #expect(try !names("out").contains { ["sweep.csv", "report.html"].contains($0) })
    #expect(try names("out/plots") == ["notes.txt"] && names("out").contains("x.temporary"))
    let report = try Flora.run(["report", "out"], in: folder)
    #expect(report.status == 0, "\(report.errors)")
    #expect(try folder.text("out/report.html").contains("costs and accuracy"))
    try run()
    #expect(try names("out/plots") == ["notes.txt"])
    #expect(try !names("out").contains { ["trace.json", "report.html"].contains($0) })
    // And the other way round: a sweep in a run's folder, and a shorter one.
    let again = try Flora.run(
      ["run", "sweep.yaml", "--out", "out", "--json-progress", "--force"], in: folder)
    #expect(again.status == 0 && again.errors.contains("held a run that this sweep replaces"))
    #expect(try !names("out").contains("rounds.csv"))
    _ = try Flora.run(["report", "out", "--no-plots"], in: folder)
    let same = try Flora.run(["run", "sweep.yaml", "--out", "out"], in: folder)
    #expect(same.output.contains("2 were already complete"))
    #expect(try names("out").contains("report.html"))
    try folder.write(sweep.replacing("[0, 1]", with: "[0]"), to: "sweep.yaml")
    let shorter = try Flora.run(
      ["run", "sweep.yaml", "--out", "out", "--json-progress"], in: folder)
    #expect(shorter.errors.contains("runs of an earlier sweep, which are not in its tables: 2"))
    #expect(try !names("out").contains("report.html"))
  }

  @Test(arguments: ["rounds.csv", "summary.csv", "manifest.json", "fleet.csv", "sweep.csv"])
  func `a table not written by a run blocks a run`(name: String) throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "out"), withIntermediateDirectories: true)
    try folder.write("a,b\n1,2\n", to: "out/\(name)")
    for file in ["small.yaml", "sweep.yaml"] {
      try folder.write(folder.text("small.yaml") + "\nsweep: { seed: [0] }\n", to: "sweep.yaml")
      let run = try Flora.run(["run", file, "--out", "out"], in: folder)
      #expect(run.status == 2, "\(run.errors)")
      #expect(
        run.errors.contains("out/\(name) is in the way and was not written by flora"),
        "\(run.errors)")
      #expect(try names("out") == [name] && folder.text("out/\(name)") == "a,b\n1,2\n")
    }
  }

  @Test func `unrelated files in a run's adapters are kept or named`() throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    try run("--quiet")
    try folder.write("mine", to: "out/adapters/flora/notes.txt")
    // The leftover of a killed atomic write.
    try folder.write("half", to: "out/adapters/flora/.dat.nosync60F5.d4zQgc")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "out/adapters/own"), withIntermediateDirectories: true)
    try folder.write("{}", to: "out/adapters/own/adapter_config.json")
    try run("--quiet", "--set", "server.rounds=1")
    #expect(try folder.text("out/adapters/flora/notes.txt") == "mine")
    #expect(try !names("out/adapters/flora").contains { $0.hasPrefix(".dat") })
    #expect(try folder.text("out/adapters/own/adapter_config.json") == "{}")
    try folder.write(SmallScenario.text.replacing("name: flora", with: "name: own"), to: "own.yaml")
    let own = try Flora.run(["run", "own.yaml", "--out", "out", "--force"], in: folder)
    #expect(own.status == 2 && own.errors.contains("own/adapter_config.json is in the way"))
    #expect(try names("out/adapters") == ["fedfft", "flora", "own"])
  }

  @Test(arguments: ["", "  "]) func `an empty folder name is rejected`(name: String) throws {
    let before = try folder.names()
    let run = try Flora.run(["run", "small.yaml", "--out", name], in: folder)
    #expect(run.status == 2 && run.errors.contains("--out"), "\(run.errors)")
    #expect(try folder.names() == before)
  }

  @Test func `plots can be omitted`() throws {
    try run()
    let report = try Flora.run(["report", "out", "--no-plots"], in: folder)
    #expect(report.status == 0)
    #expect(try !names("out").contains("plots") && names("out").contains("report.html"))
  }

  @Test func `a run and a report write the same trace`() throws {
    try run("--trace", "--quiet")
    let first = try Data(contentsOf: folder.url.appending(path: "out/trace.json"))
    try FileManager.default.removeItem(at: folder.url.appending(path: "out/trace.json"))
    let report = try Flora.run(["report", "out", "--no-plots", "--trace"], in: folder)
    #expect(report.status == 0 && report.output.contains("out/trace.json"))
    #expect(try Data(contentsOf: folder.url.appending(path: "out/trace.json")) == first)
    #expect(first.count > 1000)
  }

  @Test func `a trace without tasks is rejected before the run`() throws {
    let run = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--trace", "--set", "report.tasks=none"], in: folder)
    #expect(run.status == 2 && run.errors.contains("report.tasks"), "\(run.errors)")
    #expect(try folder.names() == ["small.yaml"])
  }

  @Test func `a run with a trace is rejected if trace.json is not flora's`() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "out"), withIntermediateDirectories: true)
    try folder.write("{}", to: "out/trace.json")
    let run = try Flora.run(["run", "small.yaml", "--out", "out", "--trace"], in: folder)
    #expect(
      run.status == 2 && run.errors.contains("out/trace.json was not written by flora"),
      "\(run.errors)")
    #expect(try names("out") == ["trace.json"] && folder.text("out/trace.json") == "{}")
  }

  @Test func `a sweep has a report and one trace per run`() throws {
    try run("--set", "sweep={seed: [0, 1]}", "--quiet")
    let report = try Flora.run(["report", "out", "--trace", "--no-plots"], in: folder)
    #expect(report.status == 0, "\(report.errors)")
    #expect(try names("out").contains("report.html"))
    #expect(try names("out/1").contains("trace.json") && names("out/2").contains("trace.json"))
  }

  @Test(arguments: ["absent", "empty", "small.yaml"])
  func `an invalid results folder is reported with exit code 2`(_ place: String)
    throws
  {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    let report = try Flora.run(["report", place], in: folder)
    #expect(report.status == 2 && report.output.isEmpty)
    #expect(report.errors.split(separator: "\n").count == 1 && report.errors.contains(place))
    #expect(try folder.names() == ["empty", "small.yaml"])
    #expect(try names("empty").isEmpty)
  }

  @Test func `a damaged table is reported with its line, with exit code 2 and no files`() throws {
    try run()
    let file = folder.url.appending(path: "out/tasks.csv")
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count - 40).write(to: file)
    let names = try names("out")
    let report = try Flora.run(["report", "out", "--trace"], in: folder)
    #expect(report.status == 2 && report.output.isEmpty)
    let line = whole.split(separator: UInt8(ascii: "\n")).count
    #expect(report.errors.contains("tasks.csv, line \(line): "), "\(report.errors)")
    #expect(report.errors.split(separator: "\n").count == 1)
    #expect(try self.names("out") == names)
  }
}
