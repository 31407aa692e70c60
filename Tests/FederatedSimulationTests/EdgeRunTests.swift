import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Whole runs with edges between the cloud and the devices.
struct EdgeRunTests {
  /// The columns of rounds.csv and tasks.csv that have nothing to do with edges.
  private static func flatColumns(_ run: TemporaryRun) -> [[[String: String]]] {
    ["rounds.csv", "tasks.csv"].map { file in
      run.rows(file).map { row in
        row.filter { column, _ in
          !column.hasPrefix("edge") && !column.hasPrefix("backhaul")
        }
      }
    }
  }

  private static let oneEdge = "server.topology={ edges: 1, backhaul: free }"

  // MARK: One edge

  @Test(arguments: [
    [], ["server.over_selection=1.5", "server.deadline=4 s"],
    ["server.deadline=3 s", "server.late=kept", "server.over_selection=1.3"],
    ["server.deadline=6 s", "server.round_end=deadline"],
    ["server.selection=oort", "server.rounds=5"], ["server.selection=available"],
    ["server.compression={ kind: top-k, fraction: 0.2 }", "server.rounds=4"],
    ["server.strategy=fedprox"], ["server.strategy={ kind: fedavg, learning_rate: 1 }"],
    ["methods[0].aggregation=ffa"], ["methods[0].aggregation=fed-sb"],
    ["fleet.availability={ kind: sessions, every: 60 s, length: 30 s }", "server.transport=tcp"],
    ["training.optimizer_state=persistent", "fleet.base_download=once"],
    ["fleet.classes[1].memory=1 MB"],
    ["fleet.classes[0].memory=1 MB", "fleet.classes[1].memory=1 MB"],
  ])
  func `one edge with one round and a free backhaul gives the tables of a server without edges`(
    overrides: [String]
  ) throws {
    let flat = try TemporaryRun(ScenarioText.scenario(ScenarioText.small, overrides))
    let tiered = try TemporaryRun(
      ScenarioText.scenario(ScenarioText.small, overrides + [Self.oneEdge]))
    #expect(Self.flatColumns(flat) == Self.flatColumns(tiered))
    #expect(tiered.rows("tasks.csv").allSatisfy { $0["edge"] == "0" })
    #expect(flat.rows("tasks.csv").allSatisfy { $0["edge"] == "" && $0["edge_round"] == "" })
    #expect(flat.files["edges.csv"] == nil && tiered.files["edges.csv"] != nil)
  }

  @Test func `one asynchronous edge gives the tables of FedBuff`() throws {
    let overrides = ["server.rounds=6"]
    let flat = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small,
        overrides + ["server.strategy={ kind: fedbuff, buffer: 3, concurrency: 5, most_stale: 2 }"]
      ))
    let tiered = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small,
        overrides + [
          "server.topology={ edges: 1, backhaul: free, edge: { mode: asynchronous, buffer: 3, concurrency: 5, most_stale: 2 } }"
        ]))
    #expect(Self.flatColumns(flat) == Self.flatColumns(tiered))
  }

  @Test func `the devices of one edge share its link as those of a server share the server's`()
    throws
  {
    let links = ["download", "upload"]
    let flat = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, ["training.mode=timing"] + links.map { "server.\($0)=8 Mbps" }))
    let tiered = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small,
        [
          "training.mode=timing",
          "server.topology={ edges: 1, backhaul: free, edge: { download: 8 Mbps, upload: 8 Mbps } }",
        ]))
    #expect(Self.flatColumns(flat) == Self.flatColumns(tiered))
  }

  // MARK: Averages

  /// With every device in every round, edges' means weighted by samples are the mean of all: the losses of both runs
  /// differ by what single precision rounds.
  @Test func `edges' means weighted by samples are the mean of all devices`() throws {
    let overrides = [
      "server.cohort=10", "fleet.classes[0].dropout=0", "fleet.classes[1].dropout=0",
      "data.partition={ kind: dirichlet, beta: 0.3 }",
    ]
    let flat = try TemporaryRun(ScenarioText.scenario(ScenarioText.small, overrides))
    let tiered = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, overrides + ["server.topology={ edges: 3, backhaul: free }"]))
    let samples = tiered.rows("edges.csv").filter { $0["round"] == "1" }.map { $0["samples"]! }
    #expect(Set(samples).count > 1, "edges of equal weight would show nothing")
    for (one, other) in zip(flat.rows("rounds.csv"), tiered.rows("rounds.csv")) {
      for column in ["test_loss", "train_loss"] where one[column] != "" {
        let (loss, tieredLoss) = (Double(one[column]!)!, Double(other[column]!)!)
        #expect(abs(loss - tieredLoss) < 1e-4 * loss, "\(column) in round \(one["round"]!)")
      }
      #expect(one["bytes_up"] == other["bytes_up"] && one["bytes_down"] == other["bytes_down"])
    }
  }

  // MARK: By hand

  /// Devices, payload and operations are those of `TimelineTests`; a task takes 1.394976 s on the fast device and
  /// 4.466961526 s on the slow one. Each is alone at its edge.
  ///
  /// The backhaul takes 40 ms + 65,536 bit / 1 Mbit/s = 105.536 ms down and 40 ms + 65,536 bit / 500 kbit/s =
  /// 171.072 ms up.
  private static let twoEdges = TimelineTests.text.replacing(
    "methods:", with: "training: none\nmethods:")
  private static let topology =
    "server.topology={ edges: 2, rounds_per_edge: 2, assignment: class, backhaul: { download: 1 Mbps, upload: 500 kbps, rtt: 40 ms }, edge: { power: { sending: 8 W, receiving: 6 W, idle: 2 W } } }"

  private func columns(_ rows: [[String: String]], _ names: String...) -> [String] {
    rows.map { row in names.map { row[$0]! }.joined(separator: " ") }
  }

  @Test
  func `two edges, two rounds of each and a slow backhaul take the time of a calculation by hand`()
    throws
  {
    let run = try TemporaryRun(ScenarioText.scenario(Self.twoEdges, Self.topology))
    #expect(
      columns(
        run.rows("edges.csv"), "round", "edge", "outcome", "start_s", "download_s", "work_s",
        "upload_s", "end_s", "edge_rounds", "updates", "bytes_down", "bytes_up") == [
          "1 0 completed 0.000000000 0.105536000 2.789952000 0.171072000 3.066560000 2 2 8192 8192",
          "1 1 completed 0.000000000 0.105536000 8.933923052 0.171072000 9.210531052 2 2 8192 8192",
          "2 0 completed 9.210531052 0.105536000 2.789952000 0.171072000 12.277091052 2 2 8192 8192",
          "2 1 completed 9.210531052 0.105536000 8.933923052 0.171072000 18.421062104 2 2 8192 8192",
        ])
    #expect(
      columns(run.rows("tasks.csv"), "round", "edge", "edge_round", "start_s", "end_s") == [
        "1 0 1 0.105536000 1.500512000", "1 0 2 1.500512000 2.895488000",
        "1 1 1 0.105536000 4.572497526", "1 1 2 4.572497526 9.039459052",
        "2 0 3 9.316067052 10.711043052", "2 0 4 10.711043052 12.106019052",
        "2 1 3 9.316067052 13.783028578", "2 1 4 13.783028578 18.249990104",
      ])
    // In joules: 1.601792 for the transfers of each edge; 2 W for 2.789952 s and 8.933923052 s of work, and for
    // the 6.143971052 s in which the first waits for the second.
    #expect(
      columns(
        run.rows("rounds.csv"), "virtual_time_s", "bytes_down", "bytes_up", "edges_completed",
        "edges_failed", "backhaul_bytes_down", "backhaul_bytes_up", "backhaul_s", "edge_energy_j")
        == [
          "0.000000000 0 0 0 0 0 0 0.000000000 0.000000",
          "9.210531052 32768 32768 2 0 16384 16384 0.553216000 38.939276",
          "18.421062104 32768 32768 2 0 16384 16384 0.553216000 38.939276",
        ])
  }

  @Test func `an edge's link is shared only by its own devices`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.twoEdges,
        "server.topology={ edges: 2, assignment: class, backhaul: free, edge: { download: 2 Mbps } }"
      ))
    // 65,536 bit at 2 Mbit/s behind 10 ms and 7 ms: neither is in the other's way.
    #expect(
      columns(run.rows("tasks.csv"), "edge", "download_s").prefix(2) == [
        "0 0.042768000", "1 0.039768000",
      ])
  }

  /// The cloud makes a version of each edge's: the fast edge's come every 3.06656 s, the slow one's first is three
  /// versions late.
  @Test(arguments: [(2, "stale", "12.266240000"), (3, "completed", "9.210531052")])
  func `a cloud that makes versions as edges' versions arrive does not wait for the slow edge`(
    mostStale: Int, outcome: String, last: String
  ) throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.twoEdges, Self.topology,
        "server.strategy={ kind: fedbuff, buffer: 1, most_stale: \(mostStale) }",
        "server.rounds=4"))
    #expect(
      run.rows("rounds.csv").map { $0["virtual_time_s"]! } == [
        "0.000000000", "3.066560000", "6.133120000", "9.199680000", last,
      ])
    let slow = run.rows("edges.csv").filter { $0["edge"] == "1" }
    #expect(slow[0]["outcome"] == outcome && slow[0]["end_s"] == "9.210531052")
    // Its tasks are completed, but their updates are in no version of the cloud.
    #expect((run.rows("rounds.csv").sum("wasted_bytes") > 0) == (outcome == "stale"))
    CostSums(run, method: "flora").check()
    #expect(run.rows("edges.csv").contains { $0["outcome"] == "unfinished" })
    TierSums(run).check()
  }

  // MARK: Failures

  @Test func `an edge that fails loses its round, and the cloud goes on with the others`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small,
        "server.topology={ edges: 4, rounds_per_edge: 2, backhaul: { download: 1 Mbps, upload: 1 Mbps, rtt: 50 ms }, edge: { dropout: 0.4, restart: 5 s } }",
        "server.rounds=16", "server.cohort=3"))
    for method in ["flora", "fedfft"] {
      let edges = run.rows("edges.csv").filter { $0["method"] == method }
      let failed = edges.filter { $0["outcome"] == "failed" }
      #expect(failed.count > 3)
      let tasks = run.rows("tasks.csv").filter {
        $0["method"] == method && $0["outcome"] == "edge_failed"
      }
      #expect(!tasks.isEmpty)
      // Every task that ends so ends when its edge fails.
      for task in tasks {
        #expect(
          failed.contains { $0["edge"] == task["edge"] && $0["end_s"] == task["end_s"] })
      }
      let rounds = run.rows("rounds.csv").filter { $0["method"] == method }
      #expect(rounds.count == 17)
      #expect(rounds.sum("edges_failed") == failed.count)
      CostSums(run, method: method).check()
    }
    // In each of the stages of its work.
    let failed = run.rows("edges.csv").filter { $0["outcome"] == "failed" }
    #expect(failed.contains { $0["work_s"] == "" })
    #expect(failed.contains { $0["work_s"] != "" && $0["upload_s"] == "" })
    TierSums(run).check()
  }

  @Test func `where every edge fails every time, versions are empty and time goes on`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, "training.mode=timing",
        "server.topology={ edges: 2, backhaul: free, edge: { dropout: 1, restart: 1 s } }"))
    let rounds = run.rows("rounds.csv").filter { $0["method"] == "flora" }
    #expect(rounds.count == 4 && rounds.sum("edges_completed") == 0)
    #expect(run.rows("edges.csv").allSatisfy { $0["outcome"] == "failed" })
    let times = rounds.map { Double($0["virtual_time_s"]!)! }
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
  }

  // MARK: Accounts

  private static let mixed: [[String]] = [
    [
      "server.topology={ edges: 3, rounds_per_edge: 2, backhaul: { download: 2 Mbps, upload: 1 Mbps, rtt: 30 ms }, edge: { download: 20 Mbps, upload: 5 Mbps, dropout: 0.2, restart: 2 s, power: { sending: 8 W, receiving: 6 W, idle: 2 W } } }",
      "server.rounds=4", "server.cohort=3", "server.over_selection=1.4",
    ],
    [
      "server.topology={ edges: 3, backhaul: { download: 500 kbps, upload: 200 kbps, rtt: 30 ms }, edge: { mode: asynchronous, buffer: 2, concurrency: 3, dropout: 0.2, restart: 2 s } }",
      "server.strategy={ kind: fedasync, most_stale: 4 }", "server.rounds=9",
    ],
    [
      "server.topology={ edges: 2, assignment: class, rounds_per_edge: 2, backhaul: { download: 500 kbps, upload: 200 kbps, rtt: 30 ms }, edge: { mode: asynchronous, buffer: 2, concurrency: 3 } }",
      "server.rounds=4", "server.transport=tcp",
      "fleet.availability={ kind: sessions, every: 60 s, length: 30 s }",
    ],
  ]

  @Test(arguments: mixed)
  func `what is booked by tier is what tasks and edges moved`(overrides: [String]) throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small,
        overrides + [
          "fleet.classes[0].power={ computing: 5 W, sending: 1.5 W, receiving: 1 W, idle: 100 mW }"
        ]))
    for method in ["flora", "fedfft"] { CostSums(run, method: method).check() }
    TierSums(run).check()
    let devices = Dictionary(grouping: run.rows("tasks.csv")) { $0["client"]! }
    #expect(devices.values.allSatisfy { tasks in Set(tasks.map { $0["edge"]! }).count == 1 })
    #expect(Set(run.rows("tasks.csv").map { $0["edge"]! }).count > 1)
  }

  @Test(arguments: mixed)
  func `before each event, what is booked is what was moved`(overrides: [String]) throws {
    let audit = SimulationAudit()
    _ = try PartsRun(
      Experiment(ScenarioText.scenario(ScenarioText.small, overrides)), audit: audit)
    #expect(audit.checks > 50)
  }

  @Test(arguments: mixed)
  func `a run with edges gives the same bytes however often it is stopped, with any workers`(
    overrides: [String]
  ) throws {
    // Models small enough for a hundred checkpoints.
    let experiment = try Experiment(
      ScenarioText.scenario(
        ScenarioText.small,
        overrides + ["methods=[{ name: flora, kind: lora }, { name: fedlc, kind: fedlc }]"]))
    let folder = CacheFolder()
    let whole = try TemporaryRun(experiment, workers: 1, cache: folder.cache)
    let others = try TemporaryRun(experiment, workers: 3, cache: folder.cache)
    #expect(whole.results == others.results)
    let interrupted = try InterruptedRun(experiment, every: 31, cache: folder.cache)
    #expect(interrupted.resumptions > 5)
    #expect(interrupted.results == whole.results)
  }

  // MARK: Few devices

  @Test func `an edge without devices takes no part, and one that loses them all ends its part`()
    throws
  {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, "training.mode=timing", "fleet.devices=3",
        "server.topology={ edges: 8, rounds_per_edge: 2, backhaul: { download: 1 Mbps, upload: 1 Mbps, rtt: 10 ms } }"
      ))
    let flora = run.rows("edges.csv").filter { $0["method"] == "flora" }
    let used = Set(run.rows("tasks.csv").map { $0["edge"]! })
    #expect(used.count <= 3)
    for row in flora {
      #expect((row["outcome"] == "completed") == used.contains(row["edge"]!))
    }
    #expect(run.rows("rounds.csv").filter { $0["method"] == "flora" }.count == 4)
    // Nobody can ever take part: the run ends, as it does without edges.
    let none = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, "training.mode=timing", "fleet.classes[0].memory=1 MB",
        "fleet.classes[1].memory=1 MB", "server.topology={ edges: 3, backhaul: free }"))
    #expect(none.summaries[0].remark?.contains("no device can take part anymore") == true)
  }
}

/// The sums over rounds.csv of what edges moved beside those over edges.csv.
private struct TierSums {
  private let run: TemporaryRun

  init(_ run: TemporaryRun) { self.run = run }

  func check(_ location: SourceLocation = #_sourceLocation) {
    let (rounds, edges) = (run.rows("rounds.csv"), run.rows("edges.csv"))
    let pairs = [
      ("backhaul_bytes_down", "bytes_down"), ("backhaul_bytes_up", "bytes_up"),
      ("backhaul_wire_bytes_down", "wire_bytes_down"),
      ("backhaul_wire_bytes_up", "wire_bytes_up"),
    ]
    for (round, edge) in pairs {
      #expect(rounds.sum(round) == edges.sum(edge), "\(round)", sourceLocation: location)
      #expect(edges.sum(edge) > 0, sourceLocation: location)
    }
    #expect(
      rounds.sum("edges_completed") == edges.count { $0["outcome"] == "completed" },
      sourceLocation: location)
    let transfers = edges.reduce(0) { sum, row in
      sum
        + ["download_s", "upload_s"].reduce(0) {
          $0 + (Int(row[$1]!.replacing(".", with: "")) ?? 0)
        }
    }
    let booked = rounds.reduce(0) { $0 + Int($1["backhaul_s"]!.replacing(".", with: ""))! }
    #expect(booked == transfers, sourceLocation: location)
  }
}
