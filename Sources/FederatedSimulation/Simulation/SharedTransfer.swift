import EventSimulation
import Fleet

/// A transfer over the server's link while others use it too.
struct SharedTransfer: Codable, Sendable {
  /// What is carried before the transfer ends or its device is lost.
  let goal: FluidAmount
  /// Whether the device is lost when `goal` has been carried.
  let endsInLoss: Bool
  /// What was still missing when the transfer last came to the link or left it.
  var rest: FluidAmount
  /// The events that wait for the device to leave and for its loss.
  var departure: EventHandle?
  var loss: EventHandle?

  init(goal: FluidAmount, endsInLoss: Bool) {
    self.goal = goal
    self.endsInLoss = endsInLoss
    rest = goal
  }

  /// The whole bytes that have been carried.
  var moved: ByteCount { (goal - rest).bytes }
}
