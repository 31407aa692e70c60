import EventSimulation
import Fleet

/// Receives the outcomes of tasks, in event order.
package protocol TaskObserver: AnyObject {
  /// A download or training has ended; the next phase begins after this returns.
  func phaseEnded(_ phase: TaskPhase, _ task: Int, at time: SimulationTime)

  /// The upload has ended. The task stays in the engine's table until the observer removes it.
  func completed(_ task: Int, at time: SimulationTime) throws

  /// The task has failed in its current phase. The observer must remove it.
  func failed(_ task: Int, _ failure: TaskFailure, at time: SimulationTime) throws

  func alarm(_ alarm: Alarm, at time: SimulationTime) throws
}

/// Why a task fails.
package enum TaskFailure: Sendable {
  /// The device dropped out.
  case dropout
  /// An outage of the device began.
  case outage
}

/// The result of an attempt to start a task.
package enum TaskAdmission {
  case started(Int)
  /// The device has less available memory than the task needs.
  case insufficientMemory
  /// The device is offline until the given time; nil if it never comes back.
  case offline(until: SimulationTime?)
  /// The task would draw the battery below its reserve.
  case insufficientCharge
}
