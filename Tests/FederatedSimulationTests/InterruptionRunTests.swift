import Foundation
import Testing

@testable import FederatedSimulation

/// Runs on devices with sessions, calculated by hand for the tasks of `TimelineTests`.
struct InterruptionRunTests {
  private static let text = TimelineTests.text
    .replacing("methods:", with: "training: none\nmethods:")
    .replacing("rounds: 2", with: "rounds: 1")

  /// A run in which both devices have the given sessions, in seconds.
  private func run(
    _ sessions: [(Double, Double)], _ text: String = text, _ overrides: String...
  ) throws -> TemporaryRun {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = sessions.map { "phone,\($0.0),\($0.1)\n" }.joined()
    try Data("device,start_s,end_s\n\(lines)".utf8).write(to: file)
    return try TemporaryRun(
      ScenarioText.scenario(
        text, overrides + ["fleet.availability={kind: trace, path: \(file.path)}"]))
  }

  private func columns(_ run: TemporaryRun, _ names: String...) -> [String] {
    run.rows("tasks.csv").map { row in names.map { row[$0]! }.joined(separator: " ") }
  }

  /// Both devices go offline for a second in the middle of training.
  @Test func `training continues in the next session`() throws {
    let run = try run([(0, 1), (2, 100)])
    #expect(
      columns(run, "device_class", "outcome", "download_s", "train_s", "upload_s", "end_s") == [
        "fast completed 0.018192000 2.301248000 0.075536000 2.394976000",
        "slow completed 0.028845334 5.337493334 0.100622858 5.466961526",
      ])
  }

  /// The fast device has trained for 981,808,000 ns at one operation each, the slow one for 971,154,666
  /// at 0.3.
  @Test func `the end of a session can end the task`() throws {
    let run = try run([(0, 1), (2, 100)], Self.text, "fleet.interruption=fail")
    #expect(
      columns(run, "outcome", "end_s", "bytes_down", "bytes_up", "flops").sorted() == [
        "dropped_training 1.000000000 8192 0 291346399",
        "dropped_training 1.000000000 8192 0 981808000",
      ])
    let round = run.rows("rounds.csv")[1]
    #expect(round["wasted_flops"] == "1273154399" && round["wasted_bytes"] == "16384")
  }

  /// The two share 2 Mbit/s as in `SharedLinkRunTests` and go offline for a second at 30 ms, when both
  /// still have bytes to receive.
  @Test func `a transfer on a shared link pauses and continues`() throws {
    let run = try run([(0, 0.03), (1.03, 100)], Self.text, "server.download=2 Mbps")
    #expect(
      columns(run, "device_class", "download_s", "train_s", "bytes_down") == [
        "fast 1.072536000 1.301248000 8192", "slow 1.069536000 4.337493334 8192",
      ])
    // By then the fast device has received 20,000 bits and the slow one 26,000.
    let failed = try self.run(
      [(0, 0.03), (1.03, 100)], Self.text, "server.download=2 Mbps", "fleet.interruption=fail")
    #expect(
      columns(failed, "outcome", "end_s", "bytes_down").sorted() == [
        "dropped_download 0.030000000 2500", "dropped_download 0.030000000 3250",
      ])
  }

  /// The session ends before the first byte; the wait for it continues afterwards.
  @Test func `the wait for the first byte is interrupted too`() throws {
    let run = try run([(0, 0.005), (1.005, 100)], Self.text, "server.download=2 Mbps")
    #expect(
      columns(run, "device_class", "download_s") == ["fast 1.072536000", "slow 1.069536000"])
  }

  @Test(arguments: ["unlimited", "2 Mbps"])
  func `a device that never comes online again drops out when it goes offline, and the run ends`(
    link: String
  ) throws {
    for (end, outcome) in [(1.0, "dropped_training"), (0.03, "dropped")] {
      let run = try run(
        [(0, end)], Self.text, "server.rounds=3", "server.download=\(link)")
      // Two tasks that drop out, and two of round 2, which finds no device left.
      let rows = run.rows("tasks.csv")
      #expect(rows.map { $0["round"]! } == ["1", "1", "2", "2"])
      for row in rows where row["round"] == "1" {
        #expect(row["outcome"]!.hasPrefix(outcome))
        #expect(Double(row["end_s"]!)! == end)
      }
      #expect(rows.filter { $0["round"] != "1" }.allSatisfy { $0["outcome"] == "unavailable" })
      #expect(run.rows("rounds.csv").map { $0["round"]! } == ["0", "1", "1"])
      #expect(run.rows("rounds.csv").map { $0["selected"]! } == ["0", "2", "2"])
      #expect(
        run.warnings.map { $0.contains("at version 1 of 3, since no device can take part") }
          == [true])
    }
  }

  @Test func `a round with all devices offline ends when the first comes online`() throws {
    let run = try run([(5, 100)], Self.text, "server.rounds=2")
    #expect(
      columns(run, "round", "outcome", "start_s", "bytes_down") == [
        "1 unavailable 0.000000000 0", "1 unavailable 0.000000000 0",
        "2 completed 5.000000000 8192", "2 completed 5.000000000 8192",
      ])
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["unavailable"]! } == ["0", "2", "0"])
    #expect(rounds[1]["virtual_time_s"] == "5.000000000")
  }

  @Test func `a server that selects online devices waits for the first`() throws {
    let run = try run([(5, 100)], Self.text, "server.selection=available")
    #expect(
      columns(run, "round", "outcome", "start_s") == [
        "1 completed 5.000000000", "1 completed 5.000000000",
      ])
  }

  /// Per task of the fast device: 20 ms idle at 0.1 W, 8.192 ms receiving at 1 W, 1.301248 s computing
  /// at 4 W, 65.536 ms sending at 1.5 W. An interruption costs nothing.
  @Test func `energy is the sum over phases, and rounds sum it up`() throws {
    let power = "power: { computing: 4 W, sending: 1.5 W, receiving: 1 W, idle: 100 mW }"
    let text = Self.text.replacing("rtt: 10 ms }", with: "rtt: 10 ms, \(power) }")
    for sessions in [[(0.0, 100.0)], [(0, 1), (2, 100)]] {
      let run = try run(sessions, text)
      #expect(
        columns(run, "device_class", "energy_j") == ["fast 5.313488", "slow "])
      #expect(run.rows("rounds.csv")[1]["device_energy_j"] == "5.313488")
      #expect(run.rows("rounds.csv")[1]["wasted_energy_j"] == "0.000000")
      #expect(run.summaries[0].energy?.microjoules == 5_313_488)
    }
    let lost = try run([(0, 1)], text)
    // 10 ms idle, 8.192 ms receiving and 981.808 ms computing.
    #expect(lost.rows("rounds.csv")[1]["wasted_energy_j"] == "3.936424")
  }

  @Test func `a battery with insufficient charge rejects the task`() throws {
    let power = "power: { computing: 4 W, sending: 1 W, receiving: 1 W, idle: 0 W }"
    let text = Self.text.replacing(
      "rtt: 10 ms }", with: "rtt: 10 ms, \(power), battery: { capacity: 10 J, reserve: 0.2 } }")
    let run = try run([(0, 1e6)], text, "server.rounds=200")
    let fast = run.rows("tasks.csv").filter { $0["device_class"] == "fast" }
    // The task needs 5.3 J above the reserve of 2 J: the charge suffices in 27 of 100 cases.
    let refused = fast.count { $0["outcome"] == "unavailable" }
    #expect(fast.count == 200)
    #expect(abs(Double(refused) - 146) < 4 * 6.3)
  }

  @Test(arguments: ["unlimited", "100 Mbps"])
  func `a hazard drops longer tasks, and the same tasks first`(link: String) throws {
    let text = Self.text.replacing("rtt: 10 ms }", with: "rtt: 10 ms, hazard: { training: 900 } }")
    func lost(_ compute: String) throws -> Set<String> {
      let run = try run(
        [(0, 1e7)], text, "server.rounds=150", "fleet.classes.fast.compute=\(compute)",
        "server.upload=\(link)")
      let rows = run.rows("tasks.csv").filter { $0["outcome"] != "completed" }
      #expect(rows.allSatisfy { $0["outcome"] == "dropped_training" })
      return Set(rows.map { $0["round"]! })
    }
    let (fast, slow) = (try lost("1 GFLOPS"), try lost("250 MFLOPS"))
    #expect(fast.isStrictSubset(of: slow))
    // A hazard of 0.25 per second: exp(-0.325) and exp(-1.301) of the tasks survive.
    #expect(abs(Double(fast.count) - 41.6) < 4 * 5.5)
    #expect(abs(Double(slow.count) - 109.2) < 4 * 5.5)
  }
}
