/// The outcome of a client's task, as named in tasks.csv.
enum Outcome: String, CaseIterable {
  case completed
  case late
  case stale
  case rejected
  case droppedDownload = "dropped_download"
  case droppedTraining = "dropped_training"
  case droppedUpload = "dropped_upload"
  case outage
  case edgeFailed = "edge_failed"
  case excludedMemory = "excluded_memory"
  case unavailable

  var title: String {
    switch self {
    case .completed: "completed"
    case .late: "late"
    case .stale: "stale"
    case .rejected: "rejected"
    case .droppedDownload: "dropped out in download"
    case .droppedTraining: "dropped out in training"
    case .droppedUpload: "dropped out in upload"
    case .outage: "outage"
    case .edgeFailed: "edge failed"
    case .excludedMemory: "insufficient memory"
    case .unavailable: "unavailable"
    }
  }

  /// Whether the device started its task.
  var started: Bool { self != .excludedMemory && self != .unavailable }
}
