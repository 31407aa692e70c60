import EventSimulation
import Fleet
import Storage

/// A row of rounds.csv: an evaluated server version, and what happened since the one before.
public struct RoundRecord: Codable, Sendable, Equatable {
  /// The server version; 0 is the untrained start.
  public var round: Int
  public var time: SimulationTime
  /// Nil in a timing-only run, as is the loss.
  public var testAccuracy: Double?
  public var testLoss: Double?
  public var activity: RoundActivity
  /// Bytes in both directions since the start of the method.
  public var cumulativeBytes: ByteCount
  /// How far the product of a LoRA's averaged factors is from the mean of the clients' products; nil where
  /// no rule measures it.
  public var loraBias: Double?
  /// What the rounds so far have cost of privacy at the scenario's delta; nil without privacy.
  public var epsilon: Double?

  package init(
    round: Int, time: SimulationTime, testAccuracy: Double?, testLoss: Double?,
    activity: RoundActivity, cumulativeBytes: ByteCount, loraBias: Double?, epsilon: Double?
  ) {
    self.round = round
    self.time = time
    self.testAccuracy = testAccuracy
    self.testLoss = testLoss
    self.activity = activity
    self.cumulativeBytes = cumulativeBytes
    self.loraBias = loraBias
    self.epsilon = epsilon
  }

  static let header = [
    "method", "seed", "round", "virtual_time_s", "test_accuracy", "test_loss", "train_loss",
    "selected", "completed", "dropped", "late", "excluded_memory", "bytes_down", "bytes_up",
    "cumulative_bytes", "wasted_bytes", "device_flops", "device_energy_j", "peak_memory_bytes",
    "unavailable", "wasted_flops", "wasted_energy_j", "rejected", "epsilon",
    "lora_bias", "wire_bytes_down", "wire_bytes_up", "edges_completed", "edges_failed",
    "backhaul_bytes_down", "backhaul_bytes_up", "backhaul_wire_bytes_down",
    "backhaul_wire_bytes_up", "backhaul_s", "edge_energy_j",
  ]

  func fields(method: String, seed: UInt64) -> [String] {
    [
      method, "\(seed)", "\(round)", time.decimalSeconds, testAccuracy?.decimalText ?? "",
      testLoss?.decimalText ?? "",
      activity.trainLoss?.decimalText ?? "", "\(activity.selected)", "\(activity.completed)",
      "\(activity.dropped)", "\(activity.late)", "\(activity.excludedMemory)",
      "\(activity.bytesDown.bytes)", "\(activity.bytesUp.bytes)", "\(cumulativeBytes.bytes)",
      "\(activity.wastedBytes.bytes)", "\(activity.flops.operations)",
      activity.energy?.decimalJoules ?? "", "\(activity.peakMemory.bytes)",
      "\(activity.unavailable)", "\(activity.wastedFLOPs.operations)",
      activity.wastedEnergy?.decimalJoules ?? "", "\(activity.rejected)",
      epsilon?.decimalText ?? "", loraBias?.decimalText ?? "",
      "\(activity.wireBytesDown.bytes)", "\(activity.wireBytesUp.bytes)",
    ] + (activity.edges.map(Self.fields) ?? .init(repeating: "", count: 8))
  }

  private static func fields(_ edges: EdgeActivity) -> [String] {
    [
      "\(edges.completed)", "\(edges.failed)", "\(edges.spent.bytesDown.bytes)",
      "\(edges.spent.bytesUp.bytes)", "\(edges.spent.wireBytesDown.bytes)",
      "\(edges.spent.wireBytesUp.bytes)", edges.spent.transferTime.decimalSeconds,
      edges.spent.energy?.decimalJoules ?? "",
    ]
  }
}
