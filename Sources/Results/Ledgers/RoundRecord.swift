import EventSimulation
import Fleet
import Storage

/// A row of rounds.csv: an evaluated server version, and the activity since the previous one.
public struct RoundRecord: Codable, Sendable, Equatable {
  /// The server version; 0 is the initial one, before training.
  public var round: Int
  public var time: SimulationTime
  /// Nil in a timing-only run, like the loss.
  public var testAccuracy: Double?
  public var testLoss: Double?
  public var activity: RoundActivity
  /// The bytes in both directions since the start of the method.
  public var cumulativeBytes: ByteCount
  /// The distance of the product of a LoRA's averaged factors from the mean of the clients'
  /// products; nil if the rule does not measure it.
  public var loraBias: Double?
  /// The privacy cost of the rounds so far at the scenario's delta; nil without privacy.
  public var epsilon: Double?
  /// The clients' accuracy on their held-out samples; nil if the version is not tested on them.
  public var clients: AccuracySpread?
  /// The same after fine-tuning; a client that cannot fine-tune counts with its accuracy before it.
  public var fineTunedClients: AccuracySpread?
  /// Accuracy on test images of the classes that clients train on, and on those of novel classes,
  /// each classified among the classes of its own kind; nil without novel classes.
  public var baseAccuracy: Double?
  public var novelAccuracy: Double?

  package init(
    round: Int, time: SimulationTime, testAccuracy: Double?, testLoss: Double?,
    activity: RoundActivity, cumulativeBytes: ByteCount, loraBias: Double?, epsilon: Double?,
    clients: AccuracySpread? = nil, fineTunedClients: AccuracySpread? = nil,
    baseAccuracy: Double? = nil, novelAccuracy: Double? = nil
  ) {
    self.round = round
    self.time = time
    self.testAccuracy = testAccuracy
    self.testLoss = testLoss
    self.activity = activity
    self.cumulativeBytes = cumulativeBytes
    self.loraBias = loraBias
    self.epsilon = epsilon
    self.clients = clients
    self.fineTunedClients = fineTunedClients
    self.baseAccuracy = baseAccuracy
    self.novelAccuracy = novelAccuracy
  }

  /// 2 b n / (b + n) of the base and the novel accuracy; 0 if both are 0.
  public var harmonicMean: Double? {
    guard let baseAccuracy, let novelAccuracy else { return nil }
    let sum = baseAccuracy + novelAccuracy
    return sum > 0 ? 2 * baseAccuracy * novelAccuracy / sum : 0
  }

  static let header = [
    "method", "seed", "round", "virtual_time_s", "test_accuracy", "test_loss", "train_loss",
    "selected", "completed", "dropped", "late", "excluded_memory", "bytes_down", "bytes_up",
    "cumulative_bytes", "wasted_bytes", "device_flops", "device_energy_j", "peak_memory_bytes",
    "unavailable", "wasted_flops", "wasted_energy_j", "rejected", "epsilon",
    "lora_bias", "wire_bytes_down", "wire_bytes_up", "edges_completed", "edges_failed",
    "backhaul_bytes_down", "backhaul_bytes_up", "backhaul_wire_bytes_down",
    "backhaul_wire_bytes_up", "backhaul_s", "edge_energy_j", "client_accuracy_mean",
    "client_accuracy_worst_decile", "client_accuracy_sd", "fine_tuned_accuracy_mean",
    "fine_tuned_accuracy_worst_decile", "fine_tuned_accuracy_sd", "base_accuracy",
    "novel_accuracy", "harmonic_mean_accuracy",
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
      + [clients, fineTunedClients].flatMap { spread in
        [spread?.mean, spread?.worstDecile, spread?.standardDeviation].map {
          $0?.decimalText ?? ""
        }
      }
      + [baseAccuracy, novelAccuracy, harmonicMean].map { $0?.decimalText ?? "" }
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
