import EventSimulation
import Fleet

/// A transfer over a link of the server's that others use too.
struct SharedTransfer: Codable, Sendable {
  /// What is carried before the transfer ends or its device drops out.
  let goal: FluidAmount
  /// Whether the device drops out when `goal` has been carried.
  let endsInLoss: Bool
  /// What was still missing when the transfer last came to the link or left it.
  var rest: FluidAmount
  /// The events that wait for the device to go offline, or to come back, and for its loss.
  var departure: EventHandle?
  var loss: EventHandle?

  init(goal: FluidAmount, endsInLoss: Bool) {
    self.goal = goal
    self.endsInLoss = endsInLoss
    rest = goal
  }
}
