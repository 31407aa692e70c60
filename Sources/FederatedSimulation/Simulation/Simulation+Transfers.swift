import EventSimulation
import Fleet

/// Transfers over a server's link that has a limit.
extension Simulation {
  /// Begins a transfer with the wait for its first byte.
  func prepareTransfer(_ phase: TaskPhase, _ id: Int, at time: SimulationTime) {
    let plan = state.tasks.plan(of: id)
    let link = plan.timeline.link(of: phase)!
    var goal = FluidAmount(
      phase == .download ? plan.timeline.work.download : plan.timeline.work.upload)
    var endsInLoss = false
    if let loss = plan.loss, loss.phase == phase {
      // The moment is a point of the transfer's course: so much of it is done when the device is lost.
      goal = FluidAmount(of: link.rate, in: max(.zero, loss.elapsed - link.latency))
      endsInLoss = true
    }
    state.transfers[id] = SharedTransfer(goal: goal, endsInLoss: endsInLoss)
    let lossInWait = plan.loss.flatMap {
      $0.phase == phase && $0.elapsed <= link.latency ? $0.elapsed : nil
    }
    if let hazard = plan.profile.hazard.time(for: state.tasks[id].endurance, in: phase) {
      let (event, due) = occurrence(.lost(task: id), after: hazard, id, at: time)
      state.transfers[id]!.loss = state.schedule.scheduleCancellable(event, at: due)
      if hazard <= lossInWait ?? link.latency { return }
    }
    if let lossInWait {
      cancelLoss(id)
      schedule(.lost(task: id), after: lossInWait, id, at: time)
    } else {
      schedule(.transferBegan(task: id), after: link.latency, id, at: time)
    }
  }

  /// Puts a task's flow on the link for as long as its device is there.
  ///
  /// The task may be gone: its device can be lost at the very instant at which it comes back.
  func joinLink(_ id: Int, at time: SimulationTime) throws {
    guard let transfer = state.transfers[id] else { return }
    let plan = state.tasks.plan(of: id)
    guard let session = presence(of: plan.client).session(after: time) else {
      return try lose(id, at: time)
    }
    guard session.start <= time else {
      // The wait for the first byte ended with the session.
      return try pause(id, until: session.start, at: time)
    }
    let phase = state.tasks[id].phase
    let cap = plan.timeline.link(of: phase)!.rate
    state.links[phase]!.flows.start(id, of: transfer.rest, cap: cap, at: time)
    if session.end < .distantFuture {
      state.transfers[id]!.departure = state.schedule.scheduleCancellable(
        .departed(task: id), at: session.end)
    }
    awaitNextEnd(phase)
  }

  /// The device leaves in the middle of its transfer.
  func leaveLink(_ id: Int, at time: SimulationTime) throws {
    let phase = state.tasks[id].phase
    state.transfers[id]!.departure = nil
    takeOff(id, phase, at: time)
    if state.transfers[id]!.rest == .zero { return try endTransfer(id, phase, at: time) }
    guard let session = presence(of: state.tasks.plan(of: id).client).session(after: time) else {
      return try lose(id, at: time)
    }
    try pause(id, until: session.start, at: time)
  }

  private func pause(
    _ id: Int, until back: SimulationTime, at time: SimulationTime
  ) throws {
    if interruption == .fail { return try lose(id, at: time) }
    state.transfers[id]!.departure = state.schedule.scheduleCancellable(
      .returned(task: id), at: back)
  }

  /// Ends all transfers of a link that have come to their ends by now.
  func endTransfers(_ phase: TaskPhase, at time: SimulationTime) throws {
    state.links[phase]!.due = nil
    while let end = state.links[phase]!.flows.nextEnd, end.time <= time {
      takeOff(end.flow, phase, at: time)
      try endTransfer(end.flow, phase, at: time)
    }
    awaitNextEnd(phase)
  }

  private func endTransfer(
    _ id: Int, _ phase: TaskPhase, at time: SimulationTime
  ) throws {
    if state.transfers[id]!.endsInLoss { return try lose(id, at: time) }
    cancelLoss(id)
    cancelDeparture(id)
    if phase == .download { endDownload(id, at: time) } else { try complete(id, at: time) }
  }

  /// Lets go of what waits for a task's transfer, which its device does not finish.
  func abandonTransfer(_ id: Int, at time: SimulationTime) {
    guard state.transfers[id] != nil else { return }
    let phase = state.tasks[id].phase
    takeOff(id, phase, at: time)
    cancelLoss(id)
    cancelDeparture(id)
  }

  /// Takes a flow off the link, if it is on it.
  private func takeOff(_ id: Int, _ phase: TaskPhase, at time: SimulationTime) {
    guard state.links[phase]!.flows.contains(id) else { return }
    state.transfers[id]!.rest = state.links[phase]!.flows.remove(id, at: time)
    awaitNextEnd(phase)
  }

  private func awaitNextEnd(_ phase: TaskPhase) {
    if let due = state.links[phase]!.due { state.schedule.cancel(due) }
    state.links[phase]!.due = state.links[phase]!.flows.nextEnd.map {
      state.schedule.scheduleCancellable(.linkDue(phase), at: $0.time)
    }
  }

  private func cancelLoss(_ id: Int) {
    guard let loss = state.transfers[id]?.loss else { return }
    state.schedule.cancel(loss)
    state.transfers[id]!.loss = nil
  }

  private func cancelDeparture(_ id: Int) {
    guard let departure = state.transfers[id]?.departure else { return }
    state.schedule.cancel(departure)
    state.transfers[id]!.departure = nil
  }
}
