import Adaptation
import DeviceTasks
import EventSimulation
import Fleet
import Storage

/// A row of tasks.csv: one client's work for one server version.
public struct TaskRecord: Codable, Sendable, Equatable {
  public var round: Int
  public var client: Int
  public var deviceClass: String
  public var outcome: TaskOutcome
  public var start: SimulationTime
  /// The duration of each phase, complete or not; nil for a phase that never began.
  public var download: SimulationDuration?
  public var training: SimulationDuration?
  public var upload: SimulationDuration?
  public var end: SimulationTime
  public var samples: Int
  /// The training steps whose result reached the server; nil if none did.
  public var steps: Int?
  public var bytesDown: ByteCount
  public var bytesUp: ByteCount
  /// The bytes on the wire, including framing and headers.
  public var wireBytesDown: ByteCount
  public var wireBytesUp: ByteCount
  public var flops: FLOPCount
  /// Nil if the device's power consumption is unknown.
  public var energy: Energy?
  public var peakMemory: ByteCount
  /// How the device executed the task, or would have had to.
  public var executionPlan: ExecutionPlan
  public var batchSize: Int
  public var techniques = TrainingTechniques()
  /// The rank of a LoRA with an aggregation rule; nil for other methods.
  public var rank: Int?
  /// The mean loss before each step; nil if nothing was trained.
  public var trainLoss: Double?
  /// The device's edge; nil if devices connect to the server directly.
  public var edge: Int?
  /// The number of the edge's own version that the task started from.
  public var edgeRound: Int?

  static let header = [
    "method", "seed", "round", "client", "device_class", "outcome", "start_s", "download_s",
    "train_s", "upload_s", "end_s", "samples", "steps", "bytes_down", "bytes_up", "flops",
    "energy_j", "peak_memory_bytes", "train_loss", "execution_plan", "batch_size",
    "rank", "wire_bytes_down", "wire_bytes_up", "techniques", "edge", "edge_round",
  ]

  func fields(method: String, seed: UInt64) -> [String] {
    [
      method, "\(seed)", "\(round)", "\(client)", deviceClass, outcome.rawValue,
      start.decimalSeconds, download?.decimalSeconds ?? "", training?.decimalSeconds ?? "",
      upload?.decimalSeconds ?? "", end.decimalSeconds, "\(samples)", steps.map(String.init) ?? "",
      "\(bytesDown.bytes)", "\(bytesUp.bytes)", "\(flops.operations)",
      energy?.decimalJoules ?? "", "\(peakMemory.bytes)",
      trainLoss?.decimalText ?? "", executionPlan.rawValue, "\(batchSize)",
      rank.map { "\($0)" } ?? "", "\(wireBytesDown.bytes)", "\(wireBytesUp.bytes)",
      techniques.words(beside: TrainingTechniques()).joined(separator: " "),
      edge.map { "\($0)" } ?? "", edgeRound.map { "\($0)" } ?? "",
    ]
  }
}
