import Fleet

/// How a client's task ended.
public enum TaskOutcome: String, Codable, Sendable {
  case completed
  case droppedDownload = "dropped_download"
  case droppedTraining = "dropped_training"
  case droppedUpload = "dropped_upload"
  /// Its update came when its round was over, or the run ended before it came.
  case late
  /// Its update came too many versions after the one that it started from.
  case stale
  /// Its update had numbers that are not finite.
  case rejected
  /// Its edge failed while it was in flight.
  case edgeFailed = "edge_failed"
  case excludedMemory = "excluded_memory"
  case unavailable

  /// The outcome of a task whose device dropped out of `phase`.
  package init(lostDuring phase: TaskPhase) {
    switch phase {
    case .download: self = .droppedDownload
    case .training: self = .droppedTraining
    case .upload: self = .droppedUpload
    }
  }
}
