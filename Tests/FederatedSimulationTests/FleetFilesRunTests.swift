import Fleet
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs whose fleet is read from files: recorded devices, bandwidth over time and outages.
struct FleetFilesRunTests {
  private static let text = """
    name: files
    seed: 9
    data: { dataset: fashion-mnist, train_samples: 160, test_samples: 40, partition: { kind: dirichlet, beta: 0.5 } }
    training: { batch_size: 16, optimizer_state: persistent, learning_rate: 1.0e-3 }
    methods:
      - { name: flora, kind: lora, rank: 4 }
    fleet:
      devices: 10
      classes:
        - { name: fast, share: 0.5, compute: { float32: { lognormal: { median: 30 GFLOPS, sigma: 0.4 } }, bfloat16: 60 GFLOPS }, utilisation: 0.7, memory: 2 GB, download: { uniform: { low: 1 Mbps, high: 9 Mbps } }, upload: 700 kbps, rtt: 20 ms, dropout: 0.1, power: { computing: 4 W, sending: 1 W, receiving: 1 W, idle: 100 mW } }
        - { name: slow, share: 0.5, compute: 5 GFLOPS, memory: { uniform: { low: 100 MB, high: 1 GB } }, download: 800 kbps, upload: 300 kbps, rtt: 80 ms, dropout: 0.2, hazard: { training: 60, upload: 200 }, jitter: 5 ms }
    server: { rounds: 4, cohort: 5 }
    """

  private static let trace = """
    seconds,down_mbps,up_mbps
    0,0.9,0.2
    0.05,0,0
    0.2,3,0.9
    0.5,0.2,0.05
    0.9,,
    """

  /// The folder of a test's files.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, _ name: String = "table.csv") throws -> String {
      let file = url.appending(path: name)
      try Data(text.utf8).write(to: file)
      return file.path
    }
  }

  private func scenario(_ overrides: [String], traced: String? = nil) throws -> Scenario {
    let text = traced.map {
      Self.text.replacing("download: 800 kbps, upload: 300 kbps", with: "bandwidth_trace: \($0)")
    }
    return try ScenarioText.scenario(text ?? Self.text, overrides)
  }

  /// Everything that a fleet can be read from, and links that are shared.
  private func everything(_ folder: Folder, _ overrides: [String] = []) throws -> Scenario {
    let trace = try folder.write(Self.trace, "trace.csv")
    let outages = try folder.write("start_s,end_s,class\n0.3,0.4,slow\n2,9,fast\n", "outages.csv")
    return try scenario(["fleet.outages=\(outages)"] + overrides, traced: trace)
  }

  private static let variants: [[String]] = [
    [], ["server.download=2 Mbps", "server.upload=500 kbps"],
    ["server.transport={ kind: tcp, loss: 1 % }"],
    [
      "server.transport=tcp", "server.upload=500 kbps",
      "fleet.availability={ kind: sessions, every: 5 s, length: 3 s }",
    ],
    ["server.strategy={ kind: fedbuff, buffer: 2, concurrency: 4 }", "server.upload=400 kbps"],
    [
      "fleet.interruption=fail", "server.deadline=3 s", "server.selection=resources",
      "fleet.availability={ kind: sessions, every: 5 s, length: 3 s }",
    ],
  ]

  @Test(arguments: variants)
  func `the tables are the same for any number of workers, and after any number of stops`(
    overrides: [String]
  ) throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let experiment = try Experiment(everything(folder, overrides))
    let cache = CacheFolder()
    let whole = try TemporaryRun(experiment, workers: 1, cache: cache.cache)
    let others = try TemporaryRun(experiment, workers: 3, cache: cache.cache)
    #expect(whole.results == others.results)
    let interrupted = try InterruptedRun(experiment, every: 7, cache: cache.cache)
    #expect(interrupted.resumptions >= 3)
    #expect(interrupted.results == whole.results)
    #expect(whole.rows("tasks.csv").contains { $0["outcome"] == "completed" })
    CostSums(whole, method: "flora").check()
  }

  @Test func `tasks fail when an outage of their device begins, and the table says why`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let outages = try folder.write("start_s,end_s,class\n0.3,50,slow\n")
    for interruption in ["pause", "fail"] {
      let run = try TemporaryRun(
        scenario(["fleet.outages=\(outages)", "fleet.interruption=\(interruption)"]))
      let tasks = run.rows("tasks.csv")
      let lost = tasks.filter { $0["outcome"] == "outage" }
      #expect(!lost.isEmpty)
      #expect(lost.allSatisfy { $0["end_s"] == "0.300000000" && $0["device_class"] == "slow" })
      let later = tasks.filter { $0["device_class"] == "slow" && Double($0["start_s"]!)! >= 0.3 }
      #expect(later.allSatisfy { $0["outcome"] == "unavailable" || Double($0["start_s"]!)! >= 50 })
      #expect(run.rows("rounds.csv").sum("dropped") >= lost.count)
      CostSums(run, method: "flora").check()
    }
  }

  @Test func `a trace of one rate gives the tables of a link of that rate`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let trace = try folder.write("seconds,down_mbps,up_mbps\n0,0.8,0.3\n")
    for overrides in [
      [], ["server.upload=500 kbps"], ["server.transport={ kind: tcp, loss: 1 % }"],
    ] {
      let traced = try TemporaryRun(scenario(overrides, traced: trace))
      let plain = try TemporaryRun(scenario(overrides))
      #expect(traced.csvFiles == plain.csvFiles)
    }
  }

  @Test func `a fleet that is written and read back gives the same tables`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    for traced in [nil, try folder.write(Self.trace, "trace.csv")] {
      let drawn = try scenario([], traced: traced)
      let table = FleetTable(try drawn.openFleet(), isWhole: true)
      let rows = (0..<table.count).map(table.row)
      #expect(table.header.contains("bfloat16_flops_per_s,hazard_download_per_h"))
      let first = try TemporaryRun(drawn)
      // As it stands, and as a spreadsheet may leave it.
      for text in [
        table.header + rows.joined(),
        "\u{FEFF}" + (table.header + rows.reversed().joined()).replacing("\n", with: "\r\n"),
      ] {
        let file = try folder.write(text, "devices.csv")
        let read = try scenario(["fleet.devices=\(file)"], traced: traced)
        #expect(try TemporaryRun(read).csvFiles == first.csvFiles)
        let again = FleetTable(try read.openFleet(), isWhole: true)
        #expect(
          again.header + (0..<again.count).map(again.row).joined() == table.header + rows.joined())
      }
    }
  }

  @Test func `recorded devices need no shares, and values of a row take precedence`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let file = try folder.write("device_class,memory_bytes\nslow,1\nfast,\nfast,\n")
    let text = Self.text.replacing("share: 0.5, ", with: "")
    let run = try TemporaryRun(
      ScenarioText.scenario(text, "fleet.devices=\(file)", "server.cohort=3"))
    let tasks = run.rows("tasks.csv").filter { $0["round"] == "1" }
    #expect(tasks.map { $0["device_class"]! }.sorted() == ["fast", "fast", "slow"])
    #expect(tasks.first { $0["device_class"] == "slow" }?["outcome"] == "excluded_memory")
    #expect(run.rows("fleet.csv").count == 3)
  }

  @Test func `selection uses the mean of a trace, and deadlines the actual rates`()
    throws
  {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let trace = try folder.write(Self.trace, "trace.csv")
    let scenario = try scenario([], traced: trace)
    let fleet = try scenario.openFleet()
    let slow = (0..<10).map(fleet.profile).first { $0.className == "slow" }!
    // (0.9 * 50 + 3 * 300 + 0.2 * 400) kbit over 0.9 s, and (0.2 * 50 + 0.9 * 300 + 0.05 * 400).
    #expect(slow.download == BitRate(1_138_888) && slow.upload == BitRate(333_333))
    #expect(
      FleetTable(fleet).row(slow.id).contains(",1138888,333333,"))
  }

  @Test func `a trace that omits devices causes a warning`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let file = try folder.write("device,start_s,end_s\n5,0,1000\n2,0,1000\n")
    let availability = "fleet.availability={ kind: trace, path: \(file) }"
    let run = try TemporaryRun(scenario([availability, "server.selection=available"]))
    #expect(run.warnings.contains { $0.hasPrefix("8 of 10 devices have no session") })
    #expect(Set(run.rows("tasks.csv").map { $0["client"]! }) == ["2", "5"])
    let inTurn = try TemporaryRun(
      scenario([
        "fleet.availability={ kind: trace, path: \(file), assignment: in-turn }",
        "server.selection=available",
      ]))
    #expect(!inTurn.warnings.contains { $0.contains("no session") })
    #expect(Set(inTurn.rows("tasks.csv").map { $0["client"]! }).count > 4)
  }

  @Test(arguments: [
    ("fleet.devices=nowhere.csv", "the devices"), ("fleet.outages=nowhere.csv", "the outages"),
    ("fleet.classes[0].bandwidth_trace=nowhere.csv", "remove download"),
    ("fleet.devices=fleet.txt", "expected a whole number"),
    ("fleet.availability={ kind: trace, path: nowhere.csv, assignment: sideways }", "one of"),
  ])
  func `files that cannot be read are rejected with a message`(override: String, message: String) {
    do {
      _ = try Experiment(scenario([override]))
      Issue.record("\(override) was read")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
    }
  }

  @Test func `packet loss in a table needs tcp`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let file = try folder.write("device_class,loss\nslow,0.1\nfast,0\nfast,0\nfast,0\nfast,0\n")
    #expect(throws: ExperimentError.self) {
      try Experiment(scenario(["fleet.devices=\(file)"]))
    }
    _ = try Experiment(scenario(["fleet.devices=\(file)", "server.transport=tcp"]))
  }

  @Test func `a checkpoint belongs to the files that its run read`() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let first = try Experiment(everything(folder)).origin()
    let second = try Experiment(everything(folder)).origin()
    #expect(first.identity == second.identity)
    _ = try folder.write(Self.trace.replacing("0.5,0.2", with: "0.5,0.3"), "trace.csv")
    let experiment = try Experiment(
      scenario(
        ["fleet.outages=\(folder.url.appending(path: "outages.csv").path)"],
        traced: folder.url.appending(path: "trace.csv").path))
    let other = try experiment.origin()
    #expect(other.difference(from: first.identity)?.contains("bandwidth") == true)
  }
}
