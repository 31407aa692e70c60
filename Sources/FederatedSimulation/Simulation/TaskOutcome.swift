import Fleet

/// How a client task ended.
public enum TaskOutcome: String, Codable, Sendable {
  case completed
  case droppedDownload = "dropped_download"
  case droppedTraining = "dropped_training"
  case droppedUpload = "dropped_upload"
  case late
  case stale
  case excludedMemory = "excluded_memory"
  case unavailable

  /// The outcome of a task that was lost while the device did `phase`.
  init(lostDuring phase: TaskPhase) {
    switch phase {
    case .download: self = .droppedDownload
    case .training: self = .droppedTraining
    case .upload: self = .droppedUpload
    }
  }
}
