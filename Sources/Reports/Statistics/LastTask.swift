/// The task at whose end a server version was created. Times are in nanoseconds.
struct LastTask {
  let client: Int
  let deviceClass: String
  let outcome: Outcome
  let start: Int64
  let phases: [TaskRow.Phase]
  let end: Int64

  /// Nil for a task whose end never creates a version: one that did not start, or was late.
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

  /// If two ended at the same time, the version was created by the one whose update was used.
  func precedes(_ other: LastTask?) -> Bool {
    guard let other else { return true }
    return outcome == .completed && other.outcome != .completed
  }
}
