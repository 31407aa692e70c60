import EventSimulation
import Fleet

/// A transfer over a link of the server's that others use too.
struct SharedTransfer: Codable, Sendable {
  /// What travels before the transfer ends or its device drops out.
  let goal: FluidAmount
  /// How long after that the device drops out; nil where it does not.
  let loss: SimulationDuration?
  /// What was still missing when the transfer last came to the link or left it.
  var rest: FluidAmount
  /// Nil for a fluid, which is one piece.
  var flow: TCPFlow?
  /// What is on the link.
  var piece: Piece?
  /// When the next piece is due, if nothing interrupts it.
  var nextPiece: SimulationTime?
  /// The events that wait for the device to go offline, or to come back, and for its loss by hazard.
  var departure: EventHandle?
  var hazard: EventHandle?

  struct Piece: Codable, Sendable {
    let amount: FluidAmount
    let start: SimulationTime
    /// Nil for a fluid.
    let served: TCPFlow.Piece?
  }

  init(goal: FluidAmount, loss: SimulationDuration?, _ flow: TCPFlow?) {
    self.goal = goal
    self.loss = loss
    self.flow = flow
    rest = goal
  }
}
