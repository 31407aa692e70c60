import EventSimulation
import Fleet

/// An event in virtual time.
package enum TaskEvent: Codable, Sendable, Equatable {
  /// The device has the server's version and starts training.
  case downloadEnded(task: Int)
  /// The device has finished training and starts the upload.
  case trainingEnded(task: Int)
  /// The server has received the update.
  case uploadEnded(task: Int)
  /// The device has dropped out, and its work is lost.
  case lost(task: Int)
  /// The first byte of a transfer reaches a shared server link.
  case transferBegan(task: Int)
  /// A device goes offline during such a transfer, or comes back.
  case departed(task: Int)
  case returned(task: Int)
  /// A transfer on a shared link of this phase finishes.
  case linkDue(TaskPhase, link: Int)
  /// The rate of the device's own link changes during a transfer on a shared link.
  case rateChanged(task: Int)
  /// A piece of a transfer that uses only the device link finishes.
  case pieceEnded(task: Int)
  /// An outage begins. It is settled once all earlier events of its instant have been handled.
  case outage(isSettled: Bool)
  /// An alarm set by a user of the engine.
  case alarm(Alarm)

  /// The end of a task's phase.
  static func ended(_ phase: TaskPhase, task: Int) -> Self {
    switch phase {
    case .download: .downloadEnded(task: task)
    case .training: .trainingEnded(task: task)
    case .upload: .uploadEnded(task: task)
    }
  }
}

/// An instant requested by a user of the engine, with the user's own payload.
package struct Alarm: Codable, Sendable, Equatable {
  package let kind: UInt8
  package let number: Int

  package init(kind: UInt8, number: Int = 0) {
    self.kind = kind
    self.number = number
  }
}
