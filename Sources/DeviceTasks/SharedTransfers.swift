import EventSimulation
import Fleet

/// Transfers over a link of the server's with a limit, which they share max-min fairly.
///
/// A transfer waits for its first byte, in its device's own time, and then is a flow on the link for as long as its
/// device is online. A loss that is a point of the task's course comes when so much has been carried; one by hazard
/// when the device has been active for so long.
final class SharedTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase
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

  init(_ engine: TaskEngine, _ phase: TaskPhase, capacity: BitRate) {
    self.engine = engine
    self.phase = phase
    state = State(flows: FairShareLink(capacity: capacity))
  }

  func begin(_ id: Int, at time: SimulationTime) {
    let plan = engine.state.tasks.plan(of: id)
    let link = plan.timeline.link(of: phase)!
    let work = plan.timeline.work
    var transfer = SharedTransfer(
      goal: FluidAmount(phase == .download ? work.download : work.upload), endsInLoss: false)
    var lossInWait: SimulationDuration?
    if let loss = plan.loss, loss.phase == phase {
      // The moment is a point of the transfer's course: so much of it is done when the device drops out.
      transfer = SharedTransfer(
        goal: FluidAmount(of: link.rate, in: max(.zero, loss.elapsed - link.latency)),
        endsInLoss: true)
      if loss.elapsed <= link.latency { lossInWait = loss.elapsed }
    }
    let hazard = plan.profile.hazard.time(for: engine.state.tasks[id].endurance, in: phase)
    if let hazard {
      transfer.loss = engine.scheduleCancellable(.lost(task: id), after: hazard, id, at: time)
    }
    engine.state.tasks[transferOf: id] = transfer
    if let hazard, hazard <= lossInWait ?? link.latency { return }
    if let lossInWait {
      cancelLoss(id)
      engine.schedule(.lost(task: id), after: lossInWait, id, at: time)
    } else {
      engine.schedule(.transferBegan(task: id), after: link.latency, id, at: time)
    }
  }

  func moved(_ id: Int, at time: SimulationTime) -> ByteCount {
    guard let transfer = engine.state.tasks[transferOf: id] else { return .zero }
    let rest =
      state.flows.contains(id) ? state.flows.rest(of: id, at: time) : transfer.rest
    return (transfer.goal - rest).bytes
  }

  func end(_ id: Int, at time: SimulationTime) {
    guard engine.state.tasks[transferOf: id] != nil else { return }
    takeOff(id, at: time)
    cancelLoss(id)
    cancelDeparture(id)
    engine.state.tasks[transferOf: id] = nil
  }

  // MARK: Events

  /// Puts a task's flow on the link for as long as its device is online.
  func join(_ id: Int, at time: SimulationTime) throws {
    let plan = engine.state.tasks.plan(of: id)
    guard let session = engine.availability(of: plan.client).session(after: time) else {
      return try engine.fail(id, at: time)
    }
    guard session.start <= time else {
      // The wait for the first byte ended with the session.
      return try pause(id, until: session.start, at: time)
    }
    state.flows.start(
      id, of: engine.state.tasks[transferOf: id]!.rest,
      cap: plan.timeline.link(of: phase)!.rate, at: time)
    if session.end < .distantFuture {
      engine.state.tasks[transferOf: id]!.departure = engine.state.schedule.scheduleCancellable(
        .departed(task: id), at: session.end)
    }
    awaitNextEnd()
  }

  /// The device goes offline in the middle of its transfer.
  func leave(_ id: Int, at time: SimulationTime) throws {
    engine.state.tasks[transferOf: id]!.departure = nil
    takeOff(id, at: time)
    if engine.state.tasks[transferOf: id]!.rest == .zero { return try finish(id, at: time) }
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

  /// Ends all transfers that have come to their ends by now.
  func endDue(at time: SimulationTime) throws {
    state.due = nil
    while let end = state.flows.nextEnd, end.time <= time {
      engine.state.tasks[transferOf: end.flow]!.rest = state.flows.remove(end.flow, at: time)
      try finish(end.flow, at: time)
    }
    awaitNextEnd()
  }

  /// The tasks whose uploads end by an instant where nothing but their ends changes before.
  func finishing(by time: SimulationTime) -> [Int] {
    state.flows.ends(by: time).filter {
      engine.state.tasks[transferOf: $0]?.endsInLoss == false
    }
  }

  private func finish(_ id: Int, at time: SimulationTime) throws {
    if engine.state.tasks[transferOf: id]!.endsInLoss { return try engine.fail(id, at: time) }
    try engine.endPhase(phase, id, at: time)
  }

  // MARK: Parts

  /// Takes a flow off the link, if it is on it.
  private func takeOff(_ id: Int, at time: SimulationTime) {
    guard state.flows.contains(id) else { return }
    engine.state.tasks[transferOf: id]!.rest = state.flows.remove(id, at: time)
    awaitNextEnd()
  }

  private func awaitNextEnd() {
    let next = state.flows.nextEnd?.time
    if let due = state.due {
      if due.time == next { return }
      engine.state.schedule.cancel(due.event)
    }
    state.due = next.map {
      Due(event: engine.state.schedule.scheduleCancellable(.linkDue(phase), at: $0), time: $0)
    }
  }

  private func cancelLoss(_ id: Int) {
    guard let loss = engine.state.tasks[transferOf: id]?.loss else { return }
    engine.state.schedule.cancel(loss)
    engine.state.tasks[transferOf: id]!.loss = nil
  }

  private func cancelDeparture(_ id: Int) {
    guard let departure = engine.state.tasks[transferOf: id]?.departure else { return }
    engine.state.schedule.cancel(departure)
    engine.state.tasks[transferOf: id]!.departure = nil
  }
}
