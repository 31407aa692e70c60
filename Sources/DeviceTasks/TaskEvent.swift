import EventSimulation
import Fleet

/// What happens at an instant of virtual time.
package enum TaskEvent: Codable, Sendable, Equatable {
  /// The device has the server's version and starts to train.
  case downloadEnded(task: Int)
  /// The device has trained and starts to send.
  case trainingEnded(task: Int)
  /// The server has the update.
  case uploadEnded(task: Int)
  /// The device has dropped out, and with it what it had done.
  case lost(task: Int)
  /// The first byte of a transfer comes to a server's link that is shared.
  case transferBegan(task: Int)
  /// A device goes offline in the middle of such a transfer, or comes back to it.
  case departed(task: Int)
  case returned(task: Int)
  /// A transfer over a shared link of this phase has come to its end.
  case linkDue(TaskPhase, link: Int)
  /// The rate of the device's own link changes in the middle of a transfer over a shared one.
  case rateChanged(task: Int)
  /// A piece of a transfer that has the device's own link to itself has come to its end.
  case pieceEnded(task: Int)
  /// An outage begins. It is settled when all other events of its instant have been handled that were there before.
  case outage(isSettled: Bool)
  /// An instant that a user of the engine has asked to be told of.
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

/// An instant that a user of the engine has asked to be told of, in the user's own terms.
package struct Alarm: Codable, Sendable, Equatable {
  package let kind: UInt8
  package let number: Int

  package init(kind: UInt8, number: Int = 0) {
    self.kind = kind
    self.number = number
  }
}
