/// What happens at an instant of virtual time.
enum SimulationEvent: Codable, Sendable, Equatable {
  /// The server selects the cohort that works on its next version.
  case roundStarted(Int)
  /// The device has the server's version and starts to train.
  case downloadEnded(task: Int)
  /// The device has trained and starts to send.
  case trainingEnded(task: Int)
  /// The server has the update.
  case uploadEnded(task: Int)
  /// The device is gone, and with it what it had done.
  case lost(task: Int)
}
