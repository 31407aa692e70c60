import EventSimulation
import Fleet

/// A transfer simulated in pieces: on a shared server link, or on a device link whose rate changes.
struct SharedTransfer: Codable, Sendable {
  /// The amount to transfer until the transfer ends or its device drops out.
  let goal: FluidAmount
  /// The time after that until the device drops out; nil if it does not.
  let loss: SimulationDuration?
  /// The remaining amount when the transfer last joined or left the link.
  var rest: FluidAmount
  /// Nil for the fluid model, which has a single piece.
  var flow: TCPFlow?
  /// The current piece; nil between pieces.
  var piece: Piece?
  /// The event of the device link's next rate change; the end of the piece if it uses the device
  /// link alone.
  var change: EventHandle?
  /// When the next piece is due, unless interrupted.
  var nextPiece: SimulationTime?
  /// The events when the device goes offline or comes back, and for a dropout by hazard.
  var departure: EventHandle?
  var hazard: EventHandle?

  struct Piece: Codable, Sendable {
    let amount: FluidAmount
    let start: SimulationTime
    /// Nil for the fluid model.
    let served: TCPFlow.Piece?
    /// The state on the device link alone; nil if the piece is on the server's link.
    var alone: Alone?
  }

  /// A piece that uses only the device link, up to a rate limit, because the server's link is
  /// unlimited or the device link's rate is zero: what remained of it at an instant.
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
