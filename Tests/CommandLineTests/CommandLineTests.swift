import Foundation
import Testing

/// The command as a user runs it: exit codes, messages, and files.
struct CommandLineTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a run writes its tables and prints the summary`() throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(["run", "small.yaml", "--set", "server.rounds=1"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("accuracy, start to end"))
    #expect(run.errors.isEmpty, "no progress where standard error is no terminal")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appending(path: "results/small").path)
    #expect(
      names.sorted() == [
        "adapters", "fleet.csv", "manifest.json", "missing_data.csv", "participants.csv",
        "rounds.csv", "summary.csv", "tasks.csv",
      ])
  }

  @Test func `a scenario with three errors reports all three with exit code 2 and no files`() throws
  {
    let text = SmallScenario.text
      .replacing("rounds: 2", with: "rounds: two")
      .replacing("upload: 2 Mbps", with: "upload: 2 apples")
      .replacing("kind: full", with: "kind: ful")
    try folder.write(text, to: "faulty.yaml")
    let run = try Flora.run(["run", "faulty.yaml"], in: folder)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    for key in ["server.rounds", "fleet.classes[0].upload", "methods[1].kind"] {
      #expect(run.errors.contains(key), "\(run.errors)")
    }
    #expect(run.errors.split(separator: "\n").count == 3)
    #expect(try folder.names() == ["faulty.yaml"])
  }

  @Test func `a truncated data file is named, with exit code 2 and no files`() throws {
    let source = URL(filePath: "/usr/share/datasets/fashion-mnist")
    let data = folder.url.appending(path: "data")
    try FileManager.default.copyItem(at: source, to: data)
    let images = data.appending(path: "train-images-idx3-ubyte.gz")
    try Data(contentsOf: images).prefix(1_000_000).write(to: images)
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(["run", "small.yaml", "--set", "data.path=data"], in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("train-images-idx3-ubyte.gz"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try folder.names() == ["data", "small.yaml"])
  }

  @Test func `a corrupted safetensors header is named, with exit code 2 and no files`()
    throws
  {
    let base = folder.url.appending(path: "base")
    try FileManager.default.copyItem(at: Flora.shippedBase, to: base)
    let weights = base.appending(path: "model.safetensors")
    var bytes = try Data(contentsOf: weights)
    bytes[20] = 0xff
    try bytes.write(to: weights)
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(["run", "small.yaml", "--set", "model.base=base"], in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("model.safetensors"), "\(run.errors)")
    #expect(run.errors.contains("header"))
    #expect(try folder.names() == ["base", "small.yaml"])
  }

  @Test(arguments: [
    (["run", "absent.yaml"], "absent.yaml"),
    (["run", "small.yaml", "--workers", "0"], "--workers"),
    (["run", "small.yaml", "--set", "server.rounds=x"], "--set server.rounds=x"),
    (["run", "small.yaml", "--set", "model.base=nowhere"], "nowhere"),
    (["run", "small.yaml", "--set", "data.path=nowhere"], "nowhere"),
    (
      [
        "run", "small.yaml", "--set", "fleet.availability.kind=trace", "--set",
        "fleet.availability.path=nowhere.csv",
      ], "nowhere.csv"
    ),
    (["run", "small.yaml", "--out", "small.yaml"], "small.yaml"),
    (["run"], "scenario"),
    (["rnu"], "rnu"),
  ])
  func `invalid input has exit code 2 and one message`(arguments: [String], words: String) throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(arguments, in: folder)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try folder.names() == ["small.yaml"])
  }

  @Test func `validate accepts a valid scenario, and fleet prints its devices`() throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    let validation = try Flora.run(["validate", "small.yaml"], in: folder)
    #expect(validation.status == 0 && validation.output.contains("is valid"))
    let fleet = try Flora.run(["fleet", "small.yaml", "--sample", "3"], in: folder)
    #expect(fleet.output.split(separator: "\n").count == 4)
    #expect(fleet.output.hasPrefix("device,device_class,"))
    #expect(try folder.names() == ["small.yaml"])
  }

  @Test func `a killed run leaves only complete rows`() throws {
    let text = SmallScenario.text.replacing("rounds: 2", with: "rounds: 100000")
    try folder.write(text, to: "long.yaml")
    let process = try Flora.start(["run", "long.yaml", "--out", "out"], in: folder)
    let rounds = folder.url.appending(path: "out/rounds.csv")
    while ((try? Data(contentsOf: rounds).split(separator: 10).count) ?? 0) < 4 {
      try #require(process.isRunning)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationStatus != 0)
    for table in ["rounds.csv", "tasks.csv"] {
      let data = try Data(contentsOf: folder.url.appending(path: "out/\(table)"))
      #expect(data.last == 10)
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      #expect(Set(lines.map { $0.count { $0 == "," } }).count == 1)
    }
    let summary = folder.url.appending(path: "out/summary.csv")
    #expect(!FileManager.default.fileExists(atPath: summary.path))
  }
}
