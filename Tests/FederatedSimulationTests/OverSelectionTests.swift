import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Over-selection with identical devices.
///
/// As in `TimelineTests`, each device has ten samples and transfers 8,192 bytes each way in 1.394976 s. When the round ends
/// with the fourth of twenty selected devices, whose events come first, all of them have sent their bytes.
struct OverSelectionTests {
  private static let text = """
    name: over-selection
    data: { dataset: fashion-mnist, test_samples: 200, partition: { kind: few-shot, shots: 1 } }
    training: { batch_size: 10, learning_rate: 2.0e-3 }
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 20
      classes:
        - { name: phone, share: 1, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }
    server: { rounds: 3, cohort: 4, over_selection: 5 }
    """

  @Test(arguments: ["train", "timing"])
  func `each version's row includes all selected devices and their bytes`(
    mode: String
  ) throws {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text, "training.mode=\(mode)"))
    let rounds = run.rows("rounds.csv")
    func column(_ name: String) -> [Int] { rounds.map { Int($0[name]!)! } }
    #expect(column("selected") == [0, 20, 20, 20])
    #expect(column("completed") == [0, 4, 4, 4])
    // 20 x (8,192 + 8,192) in each version: 327,680.
    #expect(column("bytes_down") == [0, 163_840, 163_840, 163_840])
    #expect(column("bytes_up") == [0, 163_840, 163_840, 163_840])
    #expect(column("cumulative_bytes") == [0, 327_680, 655_360, 983_040])
    #expect(column("device_flops") == [0, 20, 20, 20].map { $0 * 1_301_248_000 })
    // The other sixteen are late when version 1 is complete; those of the last version when the run ends.
    #expect(column("late") == [0, 0, 16, 32])
    #expect(column("wasted_bytes") == [0, 0, 16 * 16_384, 32 * 16_384])
    #expect(
      rounds.map { $0["virtual_time_s"]! } == [
        "0.000000000", "1.394976000", "2.789952000", "4.184928000",
      ])
    let summary = run.rows("summary.csv")[0]
    #expect(summary["bytes_down"] == "491520" && summary["bytes_up"] == "491520")
    // 48 of 60 tasks.
    #expect(summary["wasted_share"] == "0.8" && summary["wasted_flops_share"] == "0.8")
    CostSums(run, method: "flora").check()
  }

  @Test func `the bytes to the target include all devices selected until then`() throws {
    let accuracies = try TemporaryRun(ScenarioText.scenario(Self.text)).rows("rounds.csv").map {
      Double($0["test_accuracy"]!)!
    }
    let best = try #require(accuracies.max())
    let version = try #require(accuracies.firstIndex(of: best))
    try #require(version > 0, "training helps")
    let run = try TemporaryRun(
      ScenarioText.scenario(Self.text, "evaluation.target_accuracy=\(best)"))
    #expect(run.rows("summary.csv")[0]["bytes_to_target"] == "\(version * 327_680)")
  }

  @Test func `a cohort of a hundred with 10 % over-selection selects a hundred and ten`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, "training.mode=timing", "fleet.devices=120", "server.cohort=100",
        "server.over_selection=1.1"))
    #expect(run.rows("rounds.csv").map { $0["selected"]! } == ["0", "110", "110", "110"])
    CostSums(run, method: "flora").check()
  }

  @Test func `costs are counted from selection even if nothing has been sent yet`() throws {
    // The four slow devices train ten times as long: at the end of a round they have only downloaded.
    let text = Self.text.replacing(
      "rtt: 10 ms }",
      with:
        "rtt: 10 ms }\n    - { name: old, share: 0.2, compute: 100 MFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }"
    ).replacing("share: 1,", with: "share: 0.8,")
    let run = try TemporaryRun(
      ScenarioText.scenario(text, "training.mode=timing", "server.rounds=2"))
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["selected"]! } == ["0", "20", "16"])
    #expect(rounds.map { $0["bytes_down"]! } == ["0", "163840", "131072"])
    #expect(rounds.map { $0["bytes_up"]! } == ["0", "131072", "131072"])
    // Until 1.394976 s an old device has trained for 1.376784 s at 0.1 GFLOP/s, and then 1.394976 s more.
    #expect(
      rounds.map { Int($0["device_flops"]!)! } == [
        0, 16 * 1_301_248_000 + 4 * 137_678_400, 16 * 1_301_248_000 + 4 * 139_497_600,
      ])
    CostSums(run, method: "flora").check()
  }
}
