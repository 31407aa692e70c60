import EventSimulation
import Fleet

/// Transfers that share a limited link of the server or of an edge max-min fairly, and transfers of
/// devices whose own rates change.
///
/// A transfer waits for its latency in active device time, and then is a flow on the link while the
/// device is online: one piece in the fluid model, or TCP's pieces, with waits between them in
/// active device time. A dropout at a point of the task's progress occurs after a given amount; a
/// dropout by hazard occurs after a given active time.
///
/// If the device's rate changes, the cap of its flow changes; at a rate of zero, the flow leaves
/// the link until the next change. If the server's link is unlimited, there is no contention, so
/// each piece's end is computed at its start, over any number of rate changes.
final class SharedTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase
  private let link: Int
  /// Whether the link has a limit.
  private let isLimited: Bool
  /// Unchecked for the same reason as `TaskEngine.state`.
  @exclusivity(unchecked) var state: State

  struct State: Codable, Sendable {
    var flows: FairShareLink
    /// The event for the next flow that ends on the link, and its time.
    var due: Due?
  }

  struct Due: Codable, Sendable {
    let event: EventHandle
    let time: SimulationTime
  }

  /// - Parameters:
  ///   - link: the index of the edge that the link belongs to; 0 for the server.
  ///   - capacity: the link capacity; nil if unlimited.
  init(_ engine: TaskEngine, _ phase: TaskPhase, link: Int, capacity: BitRate?) {
    self.engine = engine
    self.phase = phase
    self.link = link
    isLimited = capacity != nil
    state = State(flows: FairShareLink(capacity: capacity ?? FairShareLink.largestCapacity))
  }

  func begin(_ id: Int, at time: SimulationTime) {
    let plan = engine.state.tasks.plan(of: id)
    let (link, payload) = (plan.timeline.link(of: phase)!, payload(plan))
    var goal = FluidAmount(link.wireBytes(of: payload))
    var silence: SimulationDuration?
    var lossInWait: SimulationDuration?
    if let loss = plan.loss, loss.phase == phase {
      // The dropout is a point in the transfer's progress: the amount transferred when it occurs.
      let progress = link.progress(of: payload, after: loss.elapsed)
      (goal, silence) = (progress.amount, progress.silence)
      if loss.elapsed <= link.latency { lossInWait = loss.elapsed }
    }
    // TCP's windows are computed for the peak rate; a piece never exceeds the current rate.
    let peak = engine.bandwidth(of: plan, in: phase)?.profile.peak
    var transfer = SharedTransfer(
      goal: goal, loss: silence, link.flow(of: payload, at: peak))
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
    if let piece = transfer.piece { carried = carried + piece.amount - rest(of: id, at: time) }
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

  /// Puts a task's next piece on the link if its device is online.
  func join(_ id: Int, at time: SimulationTime) throws {
    let plan = engine.state.tasks.plan(of: id)
    guard let session = engine.availability(of: plan.client).session(after: time) else {
      return try engine.fail(id, at: time)
    }
    guard session.start <= time else {
      // The session ended during the wait for the first byte.
      return try pause(id, until: session.start, at: time)
    }
    if let due = engine.state.tasks[transferOf: id]!.nextPiece, due < time {
      // The device was offline between two pieces.
      engine.state.tasks[transferOf: id]!.flow!.interrupt(after: .zero)
    }
    let piece = nextPiece(of: id, at: time)
    engine.state.tasks[transferOf: id]!.piece = piece
    carry(piece.amount, of: id, at: time)
    if session.end < .distantFuture {
      engine.state.tasks[transferOf: id]!.departure = engine.state.schedule.scheduleCancellable(
        .departed(task: id), at: session.end)
    }
  }

  /// Handles a change of the device's own rate during a piece.
  func changeRate(of id: Int, at time: SimulationTime) throws {
    engine.state.tasks[transferOf: id]!.change = nil
    let rest = halt(id, at: time)
    guard rest == .zero else { return carry(rest, of: id, at: time) }
    let piece = finish(id, lacking: rest)
    awaitNextEnd()
    try endPiece(piece, of: id, at: time)
  }

  /// A piece that uses only the device link finishes.
  func endAlone(_ id: Int, at time: SimulationTime) throws {
    engine.state.tasks[transferOf: id]!.change = nil
    let piece = remove(id, at: time)
    try endPiece(piece.whole, of: id, at: time)
  }

  /// Whether the transfer ends with the task's current piece.
  func isLastPiece(of id: Int) -> Bool {
    guard let transfer = engine.state.tasks[transferOf: id], let piece = transfer.piece,
      transfer.loss == nil
    else { return false }
    return transfer.rest == piece.amount && transfer.flow?.endsWithItsLastPiece ?? true
  }

  private func nextPiece(of id: Int, at time: SimulationTime) -> SharedTransfer.Piece {
    let rest = engine.state.tasks[transferOf: id]!.rest
    guard let served = engine.state.tasks[transferOf: id]!.flow?.next() else {
      return SharedTransfer.Piece(amount: rest, start: time, served: nil)
    }
    return SharedTransfer.Piece(amount: min(rest, served.amount), start: time, served: served)
  }

  /// Handles a device going offline in the middle of a piece.
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

  /// Ends all pieces that are complete.
  func endDue(at time: SimulationTime) throws {
    state.due = nil
    while let end = state.flows.nextEnd, end.time <= time {
      let piece = remove(end.flow, at: time)
      try endPiece(piece.whole, of: end.flow, at: time)
    }
    awaitNextEnd()
  }

  /// The tasks whose uploads end by an instant, if only other ends change the link until then.
  func finishing(by time: SimulationTime) -> [Int] {
    state.flows.ends(by: time).filter(isLastPiece)
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

  /// Starts the rest of a task's piece on the server's link or the device link alone.
  private func carry(_ rest: FluidAmount, of id: Int, at time: SimulationTime) {
    let (plan, cap) = (
      engine.state.tasks.plan(of: id), engine.state.tasks[transferOf: id]!.piece!.served?.cap
    )
    guard let own = engine.bandwidth(of: plan, in: phase) else {
      return share(rest, of: id, cap: cap ?? plan.timeline.link(of: phase)!.rate, at: time)
    }
    let limit = cap ?? own.profile.peak
    if !isLimited {
      engine.state.tasks[transferOf: id]!.piece!.alone = .init(
        rest: rest, since: time, limit: limit)
      engine.state.tasks[transferOf: id]!.change = engine.state.schedule.scheduleCancellable(
        .pieceEnded(task: id), at: own.end(of: rest, from: time, limit: limit))
      return
    }
    let rate = min(own.rate(at: time), limit.bitsPerSecond)
    if let change = own.change(after: time) {
      engine.state.tasks[transferOf: id]!.change = engine.state.schedule.scheduleCancellable(
        .rateChanged(task: id), at: change)
    }
    if rate == 0, rest > .zero {
      engine.state.tasks[transferOf: id]!.piece!.alone = .init(
        rest: rest, since: time, limit: limit)
      awaitNextEnd()
    } else {
      share(rest, of: id, cap: BitRate(max(1, rate)), at: time)
    }
  }

  /// Puts the rest of a task's piece on the server's link.
  private func share(
    _ rest: FluidAmount, of id: Int, cap: BitRate, at time: SimulationTime
  ) {
    engine.state.tasks[transferOf: id]!.piece!.alone = nil
    state.flows.start(
      id, of: rest, cap: cap, weight: engine.state.tasks[transferOf: id]!.flow?.weight ?? 1,
      at: time)
    awaitNextEnd()
  }

  /// The remaining amount of a task's piece.
  private func rest(of id: Int, at time: SimulationTime) -> FluidAmount {
    guard let alone = engine.state.tasks[transferOf: id]!.piece!.alone else {
      return state.flows.rest(of: id, at: time)
    }
    let own = engine.bandwidth(of: engine.state.tasks.plan(of: id), in: phase)!
    return max(
      .zero, alone.rest - own.carried(from: alone.since, to: time, limit: alone.limit))
  }

  /// Stops a task's piece and returns its remaining amount.
  private func halt(_ id: Int, at time: SimulationTime) -> FluidAmount {
    if let change = engine.state.tasks[transferOf: id]!.change.take() {
      engine.state.schedule.cancel(change)
    }
    guard engine.state.tasks[transferOf: id]!.piece!.alone == nil else {
      return rest(of: id, at: time)
    }
    return state.flows.remove(id, at: time)
  }

  /// Takes a task's piece off its link, if there is one, and returns it with its remaining amount.
  @discardableResult
  private func takeOff(
    _ id: Int, at time: SimulationTime
  ) -> (whole: SharedTransfer.Piece, rest: FluidAmount)? {
    guard engine.state.tasks[transferOf: id]!.piece != nil else { return nil }
    let piece = remove(id, at: time)
    awaitNextEnd()
    return piece
  }

  private func remove(
    _ id: Int, at time: SimulationTime
  ) -> (whole: SharedTransfer.Piece, rest: FluidAmount) {
    let rest = halt(id, at: time)
    return (finish(id, lacking: rest), rest)
  }

  /// Clears a task's piece and subtracts what was transferred from the rest.
  private func finish(_ id: Int, lacking rest: FluidAmount) -> SharedTransfer.Piece {
    let piece = engine.state.tasks[transferOf: id]!.piece!
    engine.state.tasks[transferOf: id]!.piece = nil
    let all = engine.state.tasks[transferOf: id]!.rest
    engine.state.tasks[transferOf: id]!.rest = all - (piece.amount - rest)
    return piece
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
