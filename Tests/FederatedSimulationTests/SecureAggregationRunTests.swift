import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

struct SecureAggregationRunTests {
  /// Secure aggregation exchanges messages and keys with all selected devices, whether or
  /// not the round waits for all.
  ///
  /// With n = 6 devices, a client sends 2 keys of 32 bytes, 2 shares of 32 bytes for each of 5 others, 2,048 numbers
  /// and 6 shares; it receives 2 keys and 2 shares from each of 5 others. 6 x 65,535 = 393,210 < 2^19: 19 bits per
  /// number, 4,864 bytes in all.
  @Test(arguments: [(3, "2", 6, 19), (6, "1", 6, 19), (3, "1", 3, 18)])
  func `bytes depend on all devices selected together`(
    cohort: Int, overSelection: String, selected: Int, bits: Int
  ) throws {
    let text = CostSumTests.text
      .replacing("dropout: 0.1, ", with: "")
      .replacing(", hazard: { training: 200, upload: 900 }", with: "")
    let run = try TemporaryRun(
      ScenarioText.scenario(
        text, "server.secure_aggregation={bits: 16}", "server.rounds=1", "server.cohort=\(cohort)",
        "server.over_selection=\(overSelection)"))
    let others = selected - 1
    let down = 8_192 + others * (2 * 32 + 2 * 32)
    let up = 2 * 32 + others * 2 * 32 + 2_048 * bits / 8 + selected * 32
    if selected == 6 { #expect(down == 8_832 && up == 64 + 320 + 4_864 + 192) }
    let tasks = run.rows("tasks.csv")
    #expect(tasks.count == selected)
    for task in tasks {
      #expect(task["bytes_down"] == "\(down)")
      if task["outcome"] == "completed" { #expect(task["bytes_up"] == "\(up)") }
    }
    #expect(tasks.count { $0["outcome"] == "completed" } == cohort)
    #expect(run.rows("rounds.csv")[1]["bytes_down"] == "\(selected * down)")
    #expect(run.rows("summary.csv")[0]["payload_bytes"] == "\(up)")
    CostSums(run, method: "flora").check()
  }
}
