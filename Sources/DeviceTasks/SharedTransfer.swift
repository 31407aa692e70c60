import EventSimulation
import Fleet

/// A transfer that is carried piece by piece: over a link of the server's that others use too, or over a link of the
/// device's whose rate changes.
struct SharedTransfer: Codable, Sendable {
  /// The amount to transfer until the transfer ends or its device drops out.
  let goal: FluidAmount
  /// The time after that until the device drops out; nil if it does not.
  let loss: SimulationDuration?
  /// The remaining amount when the transfer last joined or left the link.
  var rest: FluidAmount
  /// Nil for the fluid model, which has a single piece.
  var flow: TCPFlow?
  /// What is being carried.
  var piece: Piece?
  /// The event that waits for the next change of the device's own rate; for the piece's end, where it has the device's
  /// link to itself.
  var change: EventHandle?
  /// When the next piece is due, unless interrupted.
  var nextPiece: SimulationTime?
  /// The events for the device going offline, or coming back, and for a dropout by hazard.
  var departure: EventHandle?
  var hazard: EventHandle?

  struct Piece: Codable, Sendable {
    let amount: FluidAmount
    let start: SimulationTime
    /// Nil for the fluid model.
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
