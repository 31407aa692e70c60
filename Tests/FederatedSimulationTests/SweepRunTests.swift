import Configuration
import Foundation
import Reports
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario
@testable import Sweeps

struct SweepRunTests {
  private static let text =
    ScenarioText.small.replacing(
      "training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
    + "\nsweep:\n  methods.flora.rank: [2, 4]\n  seed: [1, 2, 3]\n"

  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)

  private func run(_ overrides: String...) throws -> (run: Int, known: Int) {
    let document = try ConfigurationDocument(
      text: Self.text, name: "test.yaml", overrides: overrides)
    let sweep = try ScenarioSweep(
      document, folder: URL(filePath: FileManager.default.currentDirectoryPath))
    let outcome = try SweepRun(sweep, workers: 2, SilentObserver()).run(into: folder)
    return (outcome.run, outcome.known)
  }

  private func rows(_ file: String) throws -> [[String]] {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      .split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
  }

  @Test(arguments: [
    "picture", "class", "part", "weights", "preprocessor", "tokenizer", "adapter", "trace",
    "nothing",
  ])
  func `a finished combination is identified by everything its results depend on`(changed: String)
    throws
  {
    let files = FileManager.default
    let (pictures, base, home) = (try PictureFolder(), try EditedBase(), try PictureFolder())
    defer { try? files.removeItem(at: folder) }
    let trace = home.url.appending(path: "trace.csv")
    try Data("device,start_s,end_s\n0,0,1000000\n".utf8).write(to: trace)
    let (combined, adapter) = (
      base.url.appending(path: "tokenizer_config.json"), home.url.appending(path: "adapter")
    )
    try Data("{}".utf8).write(to: combined)
    let first = try Experiment(ScenarioText.scenario(pictures.text))
    try files.createDirectory(at: adapter, withIntermediateDirectories: true)
    let method = first.methods[0].adapted.method
    var numbers = method.initialParameters(of: first.model, seed: 0)
    try method.write(numbers, to: adapter)
    let text = pictures.text
      .replacing("kind: lora }", with: "kind: lora, start: \(adapter.path) }")
      .replacing("server:", with: "model: { base: \(base.url.path) }\nserver:")
      .replacing(
        "  classes:", with: "  availability: { kind: trace, path: \(trace.path) }\n  classes:"
      )
      .replacing("training: { batch_size: 4 }", with: "training: { mode: timing, batch_size: 4 }")
    func run() throws -> Int {
      let sweep = try ScenarioSweep(
        ConfigurationDocument(text: text + "\nsweep: { seed: [0] }\n", name: "test.yaml"),
        folder: home.url)
      return try SweepRun(sweep, workers: 2, SilentObserver()).run(into: folder).known
    }
    #expect(try run() == 0)
    let place = pictures.url
    switch changed {
    case "picture":
      try files.removeItem(at: place.appending(path: "a/0-0.png"))
      try files.copyItem(
        at: place.appending(path: "a/1-0.png"), to: place.appending(path: "a/0-0.png"))
    case "class": try files.moveItem(at: place.appending(path: "b"), to: place.appending(path: "c"))
    case "part":
      try files.moveItem(
        at: place.appending(path: "a/1-4.png"), to: place.appending(path: "b/0-0.png"))
    case "weights": try base.changeTensor("visual_projection.weight")
    case "preprocessor": try base.replace("0.5", with: "0.4", in: "preprocessor_config.json")
    case "tokenizer": try Data(#"{"a": 1}"#.utf8).write(to: combined)
    case "adapter":
      numbers[0] += 1
      try method.write(numbers, to: adapter)
    case "trace": try Data("device,start_s,end_s\n0,0,999999\n".utf8).write(to: trace)
    default: break
    }
    #expect(try run() == (changed == "nothing" ? 1 : 0))
    withExtendedLifetime((pictures, base, home)) {}
  }

  @Test func `every combination runs once, and only missing ones are rerun`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run() == (6, 0))
    let first = try rows("sweep.csv")
    #expect(first.count == 1 + 6 * 2)
    #expect(first[0].prefix(4) == ["run", "sweep:methods.flora.rank", "sweep:seed", "method"])
    #expect(first.dropFirst().map { $0[0] }.first == "1" && first.last![0] == "6")
    let parameters = first[0].firstIndex(of: "trainable_parameters")!
    #expect(first[1][parameters] == "2048" && first[12 - 1][parameters] == "4096")

    // A killed run has no manifest.
    try FileManager.default.removeItem(at: folder.appending(path: "4/manifest.json"))
    try FileManager.default.removeItem(at: folder.appending(path: "sweep.csv"))
    #expect(try run() == (1, 5))
    #expect(try rows("sweep.csv") == first)
    #expect(try run("server.rounds=2") == (6, 0), "another scenario's results are no use")
  }

  @Test
  func `combinations removed from a sweep are in no table, report, plot or trace`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    let ranks = "sweep={ methods.flora.rank: [2, 4], seed: [7, 8] }"
    #expect(try run(ranks) == (4, 0))
    _ = try await ResultsReport.write(in: folder, plots: true)
    _ = try TimelineTrace.write(in: folder)
    #expect(
      try String(contentsOf: folder.appending(path: "plots/sweep.dat"), encoding: .utf8).contains(
        "4"))
    let left = try rows("sweep.csv").filter { $0[1] != "4" }

    #expect(try run("sweep={ methods.flora.rank: [2], seed: [7, 8] }") == (0, 2))
    #expect(FileManager.default.fileExists(atPath: folder.appending(path: "4/rounds.csv").path))
    #expect(try rows("sweep.csv") == left && left.count == 1 + 2 * 2)
    #expect(try rows("summary.csv").count == 1 + 2)
    _ = try await ResultsReport.write(in: folder, plots: true)
    let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
    #expect(page.contains("2 runs over methods.flora.rank"))
    let data = try String(contentsOf: folder.appending(path: "plots/sweep.dat"), encoding: .utf8)
    let numbers = data.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.isEmpty }
    #expect(numbers.count == 2, "a row for each of the two methods:\n\(data)")
    let traces = try TimelineTrace.write(in: folder).map { $0.deletingLastPathComponent() }
    #expect(traces.map(\.lastPathComponent) == ["1", "2"])
  }

  @Test func `a sweep killed in its first run leaves no row of the previous sweep`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run("sweep={ seed: [1, 2] }") == (2, 0))
    #expect(try rows("summary.csv").count == 3)
    let sweep = try ScenarioSweep(
      ConfigurationDocument(
        text: Self.text, name: "test.yaml", overrides: ["sweep={ seed: [3, 1] }"]),
      folder: URL(filePath: FileManager.default.currentDirectoryPath))
    #expect(throws: RunInterruption.self) {
      try SweepRun(sweep, workers: 2, stop: CountingStop(after: 1), SilentObserver())
        .run(into: folder)
    }
    #expect(try rows("sweep.csv").count == 1)
    #expect(try rows("summary.csv").count == 1)
  }

  @Test(arguments: [
    ("\"fleet.classes[0].memory\": [1 GB, 1000 MB]", "1000 MB means the same as 1 GB"),
    ("\"fleet.classes[0].rtt\": [80 ms, 0.08 s]", "0.08 s means the same as 80 ms"),
    ("server.deadline: [1 min, 30 s, 60 s]", "60 s means the same as 1 min"),
    ("methods.flora.rank: [2, +2]", "+2"),
    ("training: [none, { mode: timing }]", "means the same as none"),
    ("seed: [1, 2], server.deadline: [1 min, 60 s]", "60 s means the same as 1 min"),
  ])
  func `equivalent values are rejected however they are spelt`(
    axes: String, words: String
  ) throws {
    let error = #expect(throws: ConfigurationError.self) { try run("sweep={ \(axes) }") }
    #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `the summary has mean, deviation and interval over the seeds`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run()
    let runs = try rows("sweep.csv")
    let summary = try rows("summary.csv")
    #expect(summary.count == 1 + 2 * 2)
    #expect(summary[1].prefix(3) == ["2", "flora", "3"])
    let time = runs[0].firstIndex(of: "virtual_time_s")!
    let times = runs.filter { $0[1] == "2" && $0[3] == "flora" }.map { Double($0[time])! }
    let mean = Double(summary[1][summary[0].firstIndex(of: "virtual_time_s_mean")!])!
    #expect(times.count == 3 && abs(mean - times.reduce(0, +) / 3) < 1e-9 * mean)
    #expect(summary[1][summary[0].firstIndex(of: "final_accuracy_mean")!] == "")
  }

  @Test(arguments: [(1, 12.706204736), (2, 4.302652730), (9, 2.262157163), (30, 2.042272456)])
  func `the interval's t matches published tables`(degrees: Int, t: Double) {
    #expect(
      abs(StudentDistribution.quantile(0.975, degreesOfFreedom: degrees) - t) < 1e-8)
  }

  @Test func `the statistics of three values match a calculation by hand`() {
    let statistics = SeedStatistics([1, 2, 6])
    #expect(statistics.mean == 3)
    #expect(abs(statistics.deviation! - 7.0.squareRoot()) < 1e-12)
    #expect(abs(statistics.interval! - 4.302652730 * (7.0 / 3).squareRoot()) < 1e-6)
    #expect(SeedStatistics([5]).interval == nil)
  }
}
