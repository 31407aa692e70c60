import EventSimulation
import Fleet

/// A transfer that is carried piece by piece: over a link of the server's that others use too, or over a link of the
/// device's whose rate changes.
struct SharedTransfer: Codable, Sendable {
  /// What travels before the transfer ends or its device drops out.
  let goal: FluidAmount
  /// How long after that the device drops out; nil where it does not.
  let loss: SimulationDuration?
  /// What was still missing when the transfer last came to the link or left it.
  var rest: FluidAmount
  /// Nil for a fluid, which is one piece.
  var flow: TCPFlow?
  /// What is being carried.
  var piece: Piece?
  /// The event that waits for the next change of the device's own rate; for the piece's end, where it has the device's
  /// link to itself.
  var change: EventHandle?
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
    /// What of it is carried by the device's own link alone; nil where it is on the server's.
    var alone: Alone?
  }

  /// What a piece lacked at an instant from which the device's own link alone has carried it, at no more than a limit:
  /// because the server's has no limit, or because the device's has come to a rate of zero.
  struct Alone: Codable, Sendable {
    let rest: FluidAmount
    let since: SimulationTime
    let limit: BitRate
  }

  init(goal: FluidAmount, loss: SimulationDuration?, _ flow: TCPFlow?) {
    self.goal = goal
    self.loss = loss
    self.flow = flow
    rest = goal
  }
}
