import Testing

@testable import FederatedSimulation

/// A scenario with two devices and two rounds, calculated by hand to the nanosecond.
///
/// Each device has ten samples, one of each class, hence one step of ten images per round. The base has
/// four layers of width 128 (MLP 512) in each tower, 17 image tokens, and the reference plan pads
/// ten prompts to 32 tokens. With 2 m n k per matrix product, a step costs:
///
///     vision   patches 6,021,120 + 4 layers x (66,846,720 linear + 1,479,680 attention) + 327,680 projection
///     text     4 layers x (125,829,120 linear + 5,242,880 attention + 327,680 LoRA) + 327,680 projection
///     logits   25,600, and as much for the gradient of the prompts' features
///     backward 327,680 projection + 3 layers x 136,970,240 + 84,377,600 in the lowest, which ends at its LoRA
///
/// in total 1,301,248,000 operations. The payload is 4 layers x 2 x (128 + 128) numbers, 8,192 bytes.
///
///     fast     download 10 ms + 65,536 bit / 8 Mbit/s = 18.192 ms; training at 1 GFLOP/s 1,301.248 ms;
///              upload 10 ms + 65,536 bit / 1 Mbit/s = 75.536 ms
///     slow     download 7 ms + 65,536 bit / 3 Mbit/s = 28.845334 ms; training at 0.3 GFLOP/s 4,337.493334 ms;
///              upload 7 ms + 65,536 bit / 0.7 Mbit/s = 100.622858 ms, each rounded up to a nanosecond
struct TimelineTests {
  static let text = """
    name: timeline
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 2
      classes:
        - { name: fast, share: 0.5, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }
        - { name: slow, share: 0.5, compute: 300 MFLOPS, memory: 1 GB, download: 3 Mbps, upload: 700 kbps, rtt: 7 ms }
    server: { rounds: 2, cohort: 2 }
    """

  @Test func `every phase of both devices ends at the nanosecond calculated by hand`()
    throws
  {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text))
    let columns = [
      "round", "device_class", "outcome", "start_s", "download_s", "train_s", "upload_s", "end_s",
      "bytes_down", "bytes_up", "flops",
    ]
    let rows = run.rows("tasks.csv").map { row in columns.map { row[$0]! }.joined(separator: " ") }
    #expect(
      rows == [
        "1 fast completed 0.000000000 0.018192000 1.301248000 0.075536000 1.394976000 8192 8192 1301248000",
        "1 slow completed 0.000000000 0.028845334 4.337493334 0.100622858 4.466961526 8192 8192 1301248000",
        "2 fast completed 4.466961526 0.018192000 1.301248000 0.075536000 5.861937526 8192 8192 1301248000",
        "2 slow completed 4.466961526 0.028845334 4.337493334 0.100622858 8.933923052 8192 8192 1301248000",
      ])
    #expect(
      run.rows("rounds.csv").map { $0["virtual_time_s"]! } == [
        "0.000000000", "4.466961526", "8.933923052",
      ])
  }

  @Test func `a failed task is charged for the work it had done`() throws {
    let text = Self.text.replacing("rtt: 10 ms }", with: "rtt: 10 ms, dropout: 1 }")
    let run = try TemporaryRun(ScenarioText.scenario(text))
    for row in run.rows("tasks.csv") where row["device_class"] == "fast" {
      let nanoseconds = Int(row["end_s"]!.replacing(".", with: ""))! - start(row)
      #expect(nanoseconds < 1_394_976_000)
      let received = min(8192, max(0, nanoseconds - 10_000_000) / 1000)
      let computed = min(1_301_248_000, max(0, nanoseconds - 18_192_000))
      let sent = max(0, nanoseconds - 1_319_440_000 - 10_000_000) / 8000
      #expect(Int(row["bytes_down"]!)! == received)
      #expect(Int(row["flops"]!)! == computed)
      #expect(Int(row["bytes_up"]!)! == sent)
      #expect(row["outcome"]!.hasPrefix("dropped_"))
      #expect(row["train_loss"] == "" && row["steps"] == "")
    }
  }

  private func start(_ row: [String: String]) -> Int {
    Int(row["start_s"]!.replacing(".", with: ""))!
  }
}
