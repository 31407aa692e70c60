/// A measure of summary.csv, by column name.
enum Measure: String, CaseIterable {
  case startAccuracy = "start_accuracy"
  case finalAccuracy = "final_accuracy"
  case bestAccuracy = "best_accuracy"
  case bytesToTarget = "bytes_to_target"
  case timeToTarget = "time_to_target_s"
  case bytesDown = "bytes_down"
  case bytesUp = "bytes_up"
  case time = "virtual_time_s"
  case bytesPerRoundPerClient = "bytes_per_round_per_client"
  case trainableParameters = "trainable_parameters"
  case payload = "payload_bytes"
  case peakMemory = "peak_memory_bytes"
  case eligibleShare = "eligible_share"
  case wastedShare = "wasted_share"
  case flops = "device_flops"
  case energy = "device_energy_j"
  case wastedFLOPsShare = "wasted_flops_share"

  var title: String {
    switch self {
    case .startAccuracy: "accuracy before training"
    case .finalAccuracy: "final accuracy"
    case .bestAccuracy: "best accuracy"
    case .bytesToTarget: "bytes to the target"
    case .timeToTarget: "virtual time to the target"
    case .bytesDown: "bytes down"
    case .bytesUp: "bytes up"
    case .time: "virtual time"
    case .bytesPerRoundPerClient: "bytes per round and client"
    case .trainableParameters: "trainable parameters"
    case .payload: "payload per update"
    case .peakMemory: "peak device memory"
    case .eligibleShare: "devices that can take part"
    case .wastedShare: "bytes wasted"
    case .flops: "device FLOPs"
    case .energy: "device energy"
    case .wastedFLOPsShare: "FLOPs wasted"
    }
  }

  var quantity: Quantity {
    switch self {
    case .startAccuracy, .finalAccuracy, .bestAccuracy, .eligibleShare, .wastedShare,
      .wastedFLOPsShare:
      .share
    case .bytesToTarget, .bytesDown, .bytesUp, .bytesPerRoundPerClient, .payload, .peakMemory:
      .bytes
    case .timeToTarget, .time: .seconds
    case .trainableParameters: .count
    case .flops: .operations
    case .energy: .joules
    }
  }

  /// Whether it is a cost, so that its ratio to full fine-tuning is meaningful.
  var isCost: Bool { quantity != .share }
}
