/// The task with whose end a server version was made. Times are nanoseconds.
struct LastTask {
  let client: Int
  let deviceClass: String
  let outcome: Outcome
  let start: Int64
  let phases: [TaskRow.Phase]
  let end: Int64

  /// Nil for a task whose end never makes a version: one that did not begin, or came too late.
  init?(_ task: TaskRow) {
    switch task.outcome {
    case .completed, .rejected, .droppedDownload, .droppedTraining, .droppedUpload, .outage: break
    case .late, .stale, .edgeFailed, .excludedMemory, .unavailable: return nil
    }
    client = task.client
    deviceClass = task.deviceClass
    outcome = task.outcome
    start = task.start
    phases = task.phases
    end = task.end
  }

  func length(of phase: TaskPhase) -> Int64 {
    phases.first { $0.phase == phase }?.length ?? 0
  }

  /// Of two that ended at once, the one whose update the server used made the version.
  func precedes(_ other: LastTask?) -> Bool {
    guard let other else { return true }
    return outcome == .completed && other.outcome != .completed
  }
}
