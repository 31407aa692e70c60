import BaseModels
import Foundation
import Testing

@testable import FederatedSimulation

/// Complete timing-only runs of two devices, calculated by hand to the nanosecond.
///
/// Payload, operations and links are those of `TimelineTests`: 8,192 bytes each way; 1.301248 s of
/// training on the fast device and 4.337493334 s on the slow one.
struct SharedLinkRunTests {
  private static let text = TimelineTests.text
    .replacing("methods:", with: "training: none\nmethods:")
    .replacing("rounds: 2", with: "rounds: 1")

  private func rows(_ text: String, _ overrides: String...) throws -> [[String: String]] {
    try TemporaryRun(ScenarioText.scenario(text, overrides)).rows("tasks.csv")
  }

  private func columns(_ rows: [[String: String]], _ names: String...) -> [String] {
    rows.map { row in names.map { row[$0]! }.joined(separator: " ") }
  }

  @Test func `a timing-only run has the same tasks as a training run`() throws {
    let names = [
      "round", "client", "outcome", "start_s", "download_s", "train_s", "upload_s", "end_s",
      "samples", "bytes_down", "bytes_up", "flops", "peak_memory_bytes",
    ]
    for plan in ["reference", "cached"] {
      let trained = try TemporaryRun(
        ScenarioText.scenario(ScenarioText.small, "fleet.execution_plan=\(plan)"))
      let timed = try TemporaryRun(
        ScenarioText.scenario(
          ScenarioText.small.replacing(
            "training: { batch_size: 16, weight_decay: 0 }", with: "training: none"
          ).replacing(", learning_rate", with: ", batch_size: 16, learning_rate"),
          "fleet.execution_plan=\(plan)"))
      let withKeys = try TemporaryRun(
        ScenarioText.scenario(
          ScenarioText.small, "fleet.execution_plan=\(plan)", "training.mode=timing"))
      let rows = [trained, timed, withKeys].map { run in
        run.rows("tasks.csv").map { row in names.map { row[$0]! } }
      }
      #expect(rows[0] == rows[1] && rows[0] == rows[2])
      #expect(timed.rows("tasks.csv").allSatisfy { $0["train_loss"] == "" })
      #expect(timed.rows("rounds.csv").allSatisfy { $0["test_accuracy"] == "" })
      #expect(timed.summaries.allSatisfy { $0.bestAccuracy == nil })
      #expect(!timed.files.keys.contains { $0.hasPrefix("adapters") })
    }
  }

  @Test func `an unsaturated server link changes nothing`() throws {
    let wide = try rows(
      Self.text, "server.download=11 Mbps", "server.upload=1700 kbps", "server.rounds=2")
    #expect(wide == (try rows(Self.text, "server.rounds=2")))
  }

  /// Download, 2 Mbit/s for caps of 8 and 3: the slow device's first byte arrives after 7 ms, and it has the whole link
  /// until the fast one's arrives at 10 ms: 6,000 bits. Then 1 Mbit/s each: the slow one's other 59,536
  /// bits end at 69.536 ms; the fast one has 6,000 left, which take 3 ms: 72.536 ms.
  ///
  /// The uploads do not contend: 1 and 0.7 Mbit/s together are below 2.
  @Test func `two downloads share the server's link fairly`() throws {
    let rows = try rows(Self.text, "server.download=2 Mbps", "server.upload=2 Mbps")
    #expect(
      columns(rows, "device_class", "download_s", "train_s", "upload_s", "end_s") == [
        "fast 0.072536000 1.301248000 0.075536000 1.449320000",
        "slow 0.069536000 4.337493334 0.100622858 4.507652192",
      ])
  }

  @Test(arguments: [(0, "0.008192000"), (1, "0.018192000"), (3, "0.038192000")])
  func `a transfer waits one round trip per handshake`(count: Int, span: String) throws {
    let rows = try rows(Self.text, "server.handshakes=\(count)")
    #expect(rows[0]["download_s"] == span)
  }

  @Test(arguments: ["", "server.download=80 Mbps", "fleet.classes[0].jitter=0 ms"])
  func `without round-trip time a transfer takes only the time of its bytes`(other: String) throws {
    let rows = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, ["fleet.classes[0].rtt=0 ms"] + (other.isEmpty ? [] : [other]))
    ).rows("tasks.csv")
    #expect(
      columns([rows[0]], "download_s", "train_s", "upload_s", "end_s") == [
        "0.008192000 1.301248000 0.065536000 1.374976000"
      ])
  }

  /// The bytes of the bundled base.
  private static var baseBytes: Int {
    get throws {
      try 4 * BaseModel("nano", relativeTo: URL(filePath: "/")).model.parameterCount
    }
  }

  /// LoRA freezes all of the base; full fine-tuning sends everything except the logit scale.
  @Test func `the base is downloaded never, once or in every round`() throws {
    let text = Self.text.replacing(
      "  - { name: flora, kind: lora }",
      with: "  - { name: flora, kind: lora }\n  - { name: fedfft, kind: full }")
    let base = try Self.baseBytes
    let sizes = ["flora": (8192, base), "fedfft": (base - 4, 4)]
    for (mode, inFirst, inSecond) in [
      ("preinstalled", 0, 0), ("once", 1, 0), ("every_round", 1, 1),
    ] {
      for row in try rows(text, "fleet.base_download=\(mode)", "server.rounds=2") {
        let (payload, base) = sizes[row["method"]!]!
        let times = row["round"] == "1" ? inFirst : inSecond
        #expect(row["bytes_down"] == "\(payload + times * base)", "\(mode)")
        #expect(row["bytes_up"] == "\(payload)")
      }
    }
  }

  @Test func `a device that dropped out of its first download downloads the base again`() throws {
    let text = Self.text.replacing("rtt: 10 ms }", with: "rtt: 10 ms, dropout: 0.6 }")
    var lost = 0
    var hasBase = false
    let first = try 8192 + Self.baseBytes
    let rows = try rows(
      text, "fleet.base_download=once", "server.rounds=12", "fleet.classes.fast.download=100 kbps")
    for row in rows where row["device_class"] == "fast" {
      let bytes = Int(row["bytes_down"]!)!
      if row["outcome"] == "dropped_download" {
        lost += 1
        #expect(bytes < (hasBase ? 8192 : first))
      } else {
        #expect(bytes == (hasBase ? 8192 : first))
        hasBase = true
      }
    }
    #expect(lost > 0 && hasBase)
  }

  /// A dropout at a point of the task's progress: with contention it occurs later, after the same bytes.
  @Test func `contention delays a dropout and does not change the bytes moved`() throws {
    let text = Self.text.replacing("rtt: 10 ms }", with: "rtt: 10 ms, dropout: 1 }")
    let free = try rows(text, "server.rounds=40")
    let shared = try rows(
      text, "server.rounds=40", "server.download=100 kbps", "server.upload=100 kbps")
    for column in ["client", "outcome", "bytes_down", "bytes_up", "flops"] {
      let sorted = [free, shared].map { rows in
        rows.map { "\($0["round"]!) \($0["client"]!) \($0[column]!)" }.sorted()
      }
      #expect(sorted[0] == sorted[1])
    }
    #expect(free.filter { $0["bytes_down"] != "0" }.count > 40)
    #expect(Set(free.filter { $0["device_class"] == "fast" }.map { $0["outcome"]! }).count > 1)
  }
}
