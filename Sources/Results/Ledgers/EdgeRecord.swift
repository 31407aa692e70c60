import EventSimulation
import Fleet
import Storage

/// A row of edges.csv: one edge's work with one version of the cloud.
public struct EdgeRecord: Codable, Sendable, Equatable {
  public enum Outcome: String, Codable, Sendable {
    /// The cloud used its version.
    case completed
    /// Its version was stale: too many of the cloud's versions after the one that it started from.
    case stale
    case failed
    /// The run ended, or none of its devices could take part.
    case unfinished
  }

  /// The number of the cloud's version that it started from, plus one.
  public var round: Int
  public var edge: Int
  public var outcome = Outcome.unfinished
  public var start: SimulationTime
  /// The duration of each phase, complete or not; nil for a phase that never began.
  public var download: SimulationDuration?
  public var work: SimulationDuration?
  public var upload: SimulationDuration?
  public var end: SimulationTime
  /// The number of its own versions between download and upload.
  public var rounds = 0
  /// The number of updates of its devices since its last upload.
  public var updates = 0
  /// The number of samples of those updates.
  public var samples = 0
  /// Its costs from start to end.
  public var spent = EdgeSpending()

  package init(round: Int, edge: Int, start: SimulationTime) {
    self.round = round
    self.edge = edge
    self.start = start
    end = start
  }

  static let header = [
    "method", "seed", "round", "edge", "outcome", "start_s", "download_s", "work_s", "upload_s",
    "end_s", "edge_rounds", "updates", "samples", "bytes_down", "bytes_up", "wire_bytes_down",
    "wire_bytes_up", "energy_j",
  ]

  func fields(method: String, seed: UInt64) -> [String] {
    [
      method, "\(seed)", "\(round)", "\(edge)", outcome.rawValue, start.decimalSeconds,
      download?.decimalSeconds ?? "", work?.decimalSeconds ?? "", upload?.decimalSeconds ?? "",
      end.decimalSeconds, "\(rounds)", "\(updates)", "\(samples)", "\(spent.bytesDown.bytes)",
      "\(spent.bytesUp.bytes)", "\(spent.wireBytesDown.bytes)", "\(spent.wireBytesUp.bytes)",
      spent.energy?.decimalJoules ?? "",
    ]
  }
}
