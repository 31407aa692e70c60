import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Servers whose devices have insufficient charge.
///
/// The task of `InterruptionRunTests`: 5.3 J for the fast device. With a reserve of 2 J out of 10 J, the charge suffices in
/// 27 of 100 cases.
struct ChargeRunTests {
  private static let power = "power: { computing: 4 W, sending: 1 W, receiving: 1 W, idle: 0 W }"

  private static func text(capacity: String, devices: Int = 1) -> String {
    """
    name: charge
    seed: 1
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    training: none
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: \(devices)
      classes:
        - { name: phone, share: 1, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms, \(power), battery: { capacity: \(capacity), reserve: 0.2 } }
    server: { rounds: 12, cohort: 1 }
    """
  }

  /// The files of a run that is stopped after a number of events, so that a run that never ends is detected.
  private func run(
    _ text: String, _ overrides: String..., mostEvents: Int = 20_000
  ) throws -> TemporaryRun {
    try TemporaryRun(
      Experiment(ScenarioText.scenario(text, overrides)), stop: CountingStop(after: mostEvents))
  }

  private func nanoseconds(_ row: [String: String], _ column: String) -> Int {
    Int(row[column]!.replacing(".", with: ""))!
  }

  private static let strategies = [
    "server.strategy={kind: fedbuff, buffer: 1, concurrency: 1}",
    "server.strategy={kind: fedasync, concurrency: 1}",
  ]

  /// Ten minutes are the default.
  @Test(arguments: strategies, [600, 90])
  func `an asynchronous server retries after a while and continues`(
    strategy: String, pause: Int
  ) throws {
    let run = try run(
      Self.text(capacity: "10 J"), strategy,
      pause == 600 ? "seed=1" : "server.retry_after=\(pause) s")
    let tasks = run.rows("tasks.csv")
    #expect(run.rows("rounds.csv").last!["round"] == "12")
    #expect(tasks.count { $0["outcome"] == "completed" } == 12)
    let refused = tasks.count { $0["outcome"] == "unavailable" }
    // About 2.7 refusals before each of twelve tasks.
    #expect((12...70).contains(refused) && refused + 12 == tasks.count)
    for (task, next) in zip(tasks, tasks.dropFirst()) {
      let wait = nanoseconds(next, "start_s") - nanoseconds(task, "start_s")
      #expect(wait == (task["outcome"] == "completed" ? 1_394_976_000 : pause * 1_000_000_000))
    }
    #expect(run.warnings.isEmpty)
    CostSums(run, method: "flora").check()
  }

  @Test func `a synchronous server whose cohort has insufficient charge completes its versions`()
    throws
  {
    let run = try run(Self.text(capacity: "10 J"), "server.rounds=40")
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["round"]! } == (0...40).map(String.init))
    for (row, next) in zip(rounds, rounds.dropFirst()) {
      let wait = nanoseconds(next, "virtual_time_s") - nanoseconds(row, "virtual_time_s")
      #expect(wait == (next["completed"] == "1" ? 1_394_976_000 : 600_000_000_000))
    }
    #expect(rounds.contains { $0["completed"] == "1" })
    #expect(rounds.contains { $0["unavailable"] == "1" })
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: ["{kind: fedavg}", "{kind: fedbuff, buffer: 2}", "{kind: fedasync}"])
  func `a fleet that can never have sufficient charge ends the run`(strategy: String) throws {
    // A full battery has 3.2 J above its reserve.
    let run = try run(
      Self.text(capacity: "4 J", devices: 5), "server.strategy=\(strategy)", "server.cohort=2")
    #expect(
      run.warnings.map {
        $0.contains("the run ended at version 0 of 12, since no device can take part anymore")
          && $0.contains("were offline or had insufficient charge")
      } == [true])
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["round"]! } == ["0", "0"])
    #expect(run.rows("tasks.csv").allSatisfy { $0["outcome"] == "unavailable" })
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: ["{kind: fedavg}", "{kind: fedbuff, buffer: 2}"])
  func `one device with sufficient charge keeps the run going`(strategy: String) throws {
    let text = Self.text(capacity: "4 J", devices: 4)
      .replacing("share: 1,", with: "share: 0.5,")
      .replacing(
        "\nserver:",
        with:
          "\n    - { name: wired, share: 0.5, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }\nserver:"
      )
    let run = try run(text, "server.strategy=\(strategy)", "server.cohort=2")
    #expect(run.rows("rounds.csv").last!["round"] == "12")
    #expect(run.warnings.allSatisfy { !$0.contains("the run ended") })
    let completed = run.rows("tasks.csv").filter { $0["outcome"] == "completed" }
    #expect(!completed.isEmpty && completed.allSatisfy { $0["device_class"] == "wired" })
    CostSums(run, method: "flora").check()
  }
}
