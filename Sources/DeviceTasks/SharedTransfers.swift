import EventSimulation
import Fleet

/// Transfers over a link of the server's, or of one of its edges, with a limit, which they share max-min fairly.
///
/// A transfer waits for its first byte, in its device's own time, and then is a flow on the link for as long as its
/// device is online: in one piece as a fluid, or in the pieces of TCP, between which it waits in its device's own time
/// too. A loss that is a point of the task's course comes when so much has been carried; one by hazard when the device
/// has been active for so long.
final class SharedTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase
  private let link: Int
  /// Unchecked for the same reason as `TaskEngine.state`.
  @exclusivity(unchecked) var state: State

  struct State: Codable, Sendable {
    var flows: FairShareLink
    /// The event that waits for the next end on the link, and when it is due.
    var due: Due?
  }

  struct Due: Codable, Sendable {
    let event: EventHandle
    let time: SimulationTime
  }

  init(_ engine: TaskEngine, _ phase: TaskPhase, link: Int, capacity: BitRate) {
    self.engine = engine
    self.phase = phase
    self.link = link
    state = State(flows: FairShareLink(capacity: capacity))
  }

  func begin(_ id: Int, at time: SimulationTime) {
    let plan = engine.state.tasks.plan(of: id)
    let (link, payload) = (plan.timeline.link(of: phase)!, payload(plan))
    var goal = FluidAmount(link.wireBytes(of: payload))
    var silence: SimulationDuration?
    var lossInWait: SimulationDuration?
    if let loss = plan.loss, loss.phase == phase {
      // The moment is a point of the transfer's course: so much of it is done when the device drops out.
      let progress = link.progress(of: payload, after: loss.elapsed)
      (goal, silence) = (progress.amount, progress.silence)
      if loss.elapsed <= link.latency { lossInWait = loss.elapsed }
    }
    var transfer = SharedTransfer(goal: goal, loss: silence, link.flow(of: payload))
    let hazard = plan.profile.hazard.time(for: engine.state.tasks[id].endurance, in: phase)
    if let hazard {
      transfer.hazard = engine.scheduleCancellable(.lost(task: id), after: hazard, id, at: time)
    }
    engine.state.tasks[transferOf: id] = transfer
    if let hazard, hazard <= lossInWait ?? link.latency { return }
    if let lossInWait {
      cancelHazard(id)
      engine.schedule(.lost(task: id), after: lossInWait, id, at: time)
    } else {
      engine.schedule(.transferBegan(task: id), after: link.latency, id, at: time)
    }
  }

  private func payload(_ plan: TaskPlan) -> ByteCount {
    ByteCount(plan.timeline.work.amount(of: phase))
  }

  func moved(_ id: Int, at time: SimulationTime) -> ByteCount {
    guard let transfer = engine.state.tasks[transferOf: id] else { return .zero }
    var carried = transfer.goal - transfer.rest
    if let piece = transfer.piece {
      carried = carried + piece.amount - state.flows.rest(of: id, at: time)
    }
    let plan = engine.state.tasks.plan(of: id)
    let (link, payload) = (plan.timeline.link(of: phase)!, payload(plan))
    return link.payload(payload, movedWith: carried.bytes, of: link.wireBytes(of: payload))
  }

  func end(_ id: Int, at time: SimulationTime) {
    guard engine.state.tasks[transferOf: id] != nil else { return }
    takeOff(id, at: time)
    cancelHazard(id)
    cancelDeparture(id)
    engine.state.tasks[transferOf: id] = nil
  }

  // MARK: Events

  /// Puts a task's next piece on the link for as long as its device is online.
  func join(_ id: Int, at time: SimulationTime) throws {
    let plan = engine.state.tasks.plan(of: id)
    guard let session = engine.availability(of: plan.client).session(after: time) else {
      return try engine.fail(id, at: time)
    }
    guard session.start <= time else {
      // The wait for the first byte ended with the session.
      return try pause(id, until: session.start, at: time)
    }
    if let due = engine.state.tasks[transferOf: id]!.nextPiece, due < time {
      // The device was offline between two pieces.
      engine.state.tasks[transferOf: id]!.flow!.interrupt(after: .zero)
    }
    let piece = nextPiece(of: id, at: time)
    engine.state.tasks[transferOf: id]!.piece = piece
    state.flows.start(
      id, of: piece.amount, cap: piece.served?.cap ?? plan.timeline.link(of: phase)!.rate,
      weight: engine.state.tasks[transferOf: id]!.flow?.weight ?? 1, at: time)
    if session.end < .distantFuture {
      engine.state.tasks[transferOf: id]!.departure = engine.state.schedule.scheduleCancellable(
        .departed(task: id), at: session.end)
    }
    awaitNextEnd()
  }

  private func nextPiece(of id: Int, at time: SimulationTime) -> SharedTransfer.Piece {
    let rest = engine.state.tasks[transferOf: id]!.rest
    guard let served = engine.state.tasks[transferOf: id]!.flow?.next() else {
      return SharedTransfer.Piece(amount: rest, start: time, served: nil)
    }
    return SharedTransfer.Piece(amount: min(rest, served.amount), start: time, served: served)
  }

  /// The device goes offline in the middle of a piece.
  func leave(_ id: Int, at time: SimulationTime) throws {
    engine.state.tasks[transferOf: id]!.departure = nil
    guard let piece = takeOff(id, at: time) else { return }
    if piece.rest == .zero { return try endPiece(piece.whole, of: id, at: time) }
    engine.state.tasks[transferOf: id]!.flow?.interrupt(after: piece.whole.amount - piece.rest)
    let client = engine.state.tasks.plan(of: id).client
    guard let session = engine.availability(of: client).session(after: time) else {
      return try engine.fail(id, at: time)
    }
    try pause(id, until: session.start, at: time)
  }

  private func pause(_ id: Int, until back: SimulationTime, at time: SimulationTime) throws {
    if engine.interruption == .fail { return try engine.fail(id, at: time) }
    engine.state.tasks[transferOf: id]!.departure = engine.state.schedule.scheduleCancellable(
      .returned(task: id), at: back)
  }

  /// Ends all pieces that have come to their ends by now.
  func endDue(at time: SimulationTime) throws {
    state.due = nil
    while let end = state.flows.nextEnd, end.time <= time {
      let piece = remove(end.flow, at: time)
      try endPiece(piece.whole, of: end.flow, at: time)
    }
    awaitNextEnd()
  }

  /// The tasks whose uploads end by an instant where nothing but their ends changes before.
  func finishing(by time: SimulationTime) -> [Int] {
    state.flows.ends(by: time).filter { id in
      guard let transfer = engine.state.tasks[transferOf: id], transfer.loss == nil else {
        return false
      }
      return transfer.rest == transfer.piece!.amount && transfer.flow?.endsWithItsLastPiece ?? true
    }
  }

  private func endPiece(
    _ piece: SharedTransfer.Piece, of id: Int, at time: SimulationTime
  ) throws {
    let transfer = engine.state.tasks[transferOf: id]!
    if let silence = transfer.loss, transfer.rest == .zero {
      cancelDeparture(id)
      if silence == .zero { return try engine.fail(id, at: time) }
      return engine.schedule(.lost(task: id), after: silence, id, at: time)
    }
    guard let served = piece.served else { return try engine.endPhase(phase, id, at: time) }
    cancelDeparture(id)
    switch engine.state.tasks[transferOf: id]!.flow!.served(served, from: piece.start, to: time) {
    case .next(let instant):
      engine.state.tasks[transferOf: id]!.nextPiece = instant
      if instant == time { return try join(id, at: time) }
      engine.schedule(.transferBegan(task: id), after: instant - time, id, at: time)
    case .ended(let instant):
      if transfer.flow!.endsWithItsLastPiece { return try engine.endPhase(phase, id, at: time) }
      engine.schedule(.ended(phase, task: id), after: instant - time, id, at: time)
    }
  }

  // MARK: Parts

  /// Takes a flow off the link, if it is on it, and gives its piece and what of that was not served.
  @discardableResult
  private func takeOff(
    _ id: Int, at time: SimulationTime
  ) -> (whole: SharedTransfer.Piece, rest: FluidAmount)? {
    guard state.flows.contains(id) else { return nil }
    let piece = remove(id, at: time)
    awaitNextEnd()
    return piece
  }

  private func remove(
    _ id: Int, at time: SimulationTime
  ) -> (whole: SharedTransfer.Piece, rest: FluidAmount) {
    let rest = state.flows.remove(id, at: time)
    let piece = engine.state.tasks[transferOf: id]!.piece!
    engine.state.tasks[transferOf: id]!.piece = nil
    let all = engine.state.tasks[transferOf: id]!.rest
    engine.state.tasks[transferOf: id]!.rest = all - (piece.amount - rest)
    return (piece, rest)
  }

  private func awaitNextEnd() {
    let next = state.flows.nextEnd?.time
    if let due = state.due {
      if due.time == next { return }
      engine.state.schedule.cancel(due.event)
    }
    state.due = next.map {
      Due(
        event: engine.state.schedule.scheduleCancellable(.linkDue(phase, link: link), at: $0),
        time: $0)
    }
  }

  private func cancelHazard(_ id: Int) {
    guard let hazard = engine.state.tasks[transferOf: id]?.hazard else { return }
    engine.state.schedule.cancel(hazard)
    engine.state.tasks[transferOf: id]!.hazard = nil
  }

  private func cancelDeparture(_ id: Int) {
    guard let departure = engine.state.tasks[transferOf: id]?.departure else { return }
    engine.state.schedule.cancel(departure)
    engine.state.tasks[transferOf: id]!.departure = nil
  }
}
