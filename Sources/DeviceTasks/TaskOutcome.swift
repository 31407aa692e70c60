import Fleet

/// How a client's task ended.
public enum TaskOutcome: String, Codable, Sendable {
  case completed
  case droppedDownload = "dropped_download"
  case droppedTraining = "dropped_training"
  case droppedUpload = "dropped_upload"
  /// An outage of its device began.
  case outage
  /// Its update arrived after its round, or the run ended before it arrived.
  case late
  /// Its update exceeded the maximum staleness.
  case stale
  /// Its update contained NaN or infinite numbers.
  case rejected
  /// Its edge failed while it was in flight.
  case edgeFailed = "edge_failed"
  case excludedMemory = "excluded_memory"
  case unavailable

  /// The outcome of a task that failed in `phase`.
  package init(_ failure: TaskFailure, during phase: TaskPhase) {
    switch (failure, phase) {
    case (.dropout, .download): self = .droppedDownload
    case (.dropout, .training): self = .droppedTraining
    case (.dropout, .upload): self = .droppedUpload
    case (.outage, _): self = .outage
    }
  }
}
