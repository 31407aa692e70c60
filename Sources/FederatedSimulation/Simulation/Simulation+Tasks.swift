import Adaptation
import EventSimulation
import Federation
import Fleet

/// What became of a client that was selected.
enum TaskStart {
  /// The task is in flight; it need not be trained where nothing of what it would train is used.
  case started(Int, isTrained: Bool)
  /// The device is not there until some instant; nil where it never comes back.
  case away(until: SimulationTime?)
  /// The device lacks the memory.
  case unfit
  /// The device lacks the charge.
  case refused
}

extension Simulation {
  /// - Parameter draw: tells the task from the client's others.
  func startTask(_ client: Int, draw: Int, at time: SimulationTime) throws -> TaskStart {
    state.events += 1
    let profile = experiment.fleet.profile(of: client)
    let need = planner.need(of: profile)
    let base = state.version.number
    guard need.peak <= profile.memory else {
      try record(.refused(profile, need, .excludedMemory, round: base + 1, at: time))
      return .unfit
    }
    let presence = presence(of: client)
    guard presence.isThere(at: time) else {
      try record(.refused(profile, need, .unavailable, round: base + 1, at: time))
      return .away(until: presence.session(after: time)?.start)
    }
    let timeline = planner.timeline(
      of: profile, need, traffic(of: need, client), draw: draw, at: time,
      preparing: !state.prepared.contains(client), base: self.base(for: client))
    guard affords(profile, timeline, draw: draw) else {
      try record(.refused(profile, need, .unavailable, round: base + 1, at: time))
      return .refused
    }
    let moment = dropout.moment(task: draw, device: client, probability: profile.dropout)
    let plan = TaskPlan(
      client: client, baseVersion: base, draw: draw, profile: profile, need: need,
      timeline: timeline, loss: moment.map { TaskLoss($0, in: timeline) })
    let endurance =
      profile.hazard == .none ? .infinity : dropout.endurance(task: draw, device: client)
    let id = state.tasks.insert(
      InFlightTask(plan: plan, course: TaskCourse(start: time, endurance: endurance)))
    if learning != nil {
      state.shelf.keep(
        state.version, control: state.aggregation.control, lora: state.lora?.version)
    }
    if overlaps { state.busy.insert(client) }
    enter(.download, id, at: time)
    return .started(id, isTrained: isTrained(plan, endurance))
  }

  /// A task is trained where its update may arrive, or where its device keeps something of it.
  private func isTrained(_ plan: TaskPlan, _ endurance: Double) -> Bool {
    guard plan.isSurelyLost(enduring: endurance) || isSurelyLate(plan) else { return true }
    return training.optimizerState == .persistent && plan.loss?.phase ?? .upload == .upload
  }

  /// Whether the round will be over when the update comes, at the earliest, and has no use for it.
  private func isSurelyLate(_ plan: TaskPlan) -> Bool {
    guard let deadline = server.deadline, server.late == .discarded else { return false }
    return plan.timeline.duration > deadline
  }

  /// What a client's task carries each way.
  private func traffic(of need: TaskNeed, _ client: Int) -> TaskPlanner.Traffic {
    guard let task = need.setup.lora, let federated = state.lora else { return planner.traffic }
    return TaskPlanner.Traffic(
      server,
      down: federated.numbersDown(task.size, last: state.lastVersions[client]),
      up: federated.numbersUp(task.size))
  }

  /// What of the base comes with a task's download.
  private func base(for client: Int) -> ByteCount {
    switch baseDownload {
    case .preinstalled: .zero
    case .once: state.based.contains(client) ? .zero : baseBytes
    case .everyRound: baseBytes
    }
  }

  private var baseBytes: ByteCount {
    ByteCount(planner.costs[planner.costs.asked(ofClass: 0)].baseBytes)
  }

  private func affords(
    _ profile: DeviceProfile, _ timeline: TaskTimeline, draw: Int
  ) -> Bool {
    guard let battery = profile.battery else { return true }
    let expected = TaskPhase.allCases.reduce(Energy.zero) {
      $0 + energy(profile, timeline, $1, active: timeline.duration(of: $1))
    }
    return battery.affords(expected, task: draw, device: profile.id, seed: seed)
  }

  private func energy(
    _ profile: DeviceProfile, _ timeline: TaskTimeline, _ phase: TaskPhase,
    active: SimulationDuration
  ) -> Energy {
    let latency = timeline.link(of: phase)?.latency ?? .zero
    return profile.power?.energy(in: phase, active: active, latency: latency) ?? .zero
  }

  // MARK: Phases

  /// Begins a phase and schedules its end, or the loss that comes before it.
  private func enter(_ phase: TaskPhase, _ id: Int, at time: SimulationTime) {
    state.tasks[id].enter(phase, at: time)
    let plan = state.tasks.plan(of: id)
    if state.links[phase] != nil {
      prepareTransfer(phase, id, at: time)
    } else if let loss = plan.loss(in: phase, enduring: state.tasks[id].endurance) {
      schedule(.lost(task: id), after: loss, id, at: time)
    } else {
      schedule(
        .ended(phase, task: id), after: plan.timeline.duration(of: phase), id, at: time)
    }
  }

  /// Schedules an event for when the device has been there for `active`; where the device leaves for
  /// good before, or may not leave, the event is its loss when it does.
  func schedule(
    _ event: SimulationEvent, after active: SimulationDuration, _ id: Int,
    at time: SimulationTime
  ) {
    let (event, due) = occurrence(event, after: active, id, at: time)
    state.schedule.schedule(event, at: due)
  }

  /// What comes of an event that is to come when the device has been there for `active`, and when.
  func occurrence(
    _ event: SimulationEvent, after active: SimulationDuration, _ id: Int,
    at time: SimulationTime
  ) -> (SimulationEvent, SimulationTime) {
    let presence = presence(of: state.tasks.plan(of: id).client)
    if presence.isLasting { return (event, time + active) }
    switch interruption {
    case .pause:
      guard let instant = presence.instant(after: active, from: time) else {
        return (.lost(task: id), presence.lastEnd(after: time))
      }
      return (event, instant)
    case .fail:
      guard let session = presence.session(after: time), session.start <= time else {
        return (.lost(task: id), time)
      }
      return time + active <= session.end
        ? (event, time + active) : (.lost(task: id), session.end)
    }
  }

  /// Closes the books on the phase that a task is in.
  func leavePhase(_ id: Int, at time: SimulationTime, isWhole: Bool) {
    let plan = state.tasks.plan(of: id)
    let phase = state.tasks[id].phase
    let transfer = state.links[phase] == nil ? nil : state.transfers.removeValue(forKey: id)
    let active = presence(of: plan.client).active(
      from: state.tasks[id].start, to: time)
    let spent: TaskWork
    if isWhole {
      spent = plan.timeline.work.part(of: phase)
    } else if let transfer {
      let moved = TaskWork(
        download: transfer.moved, training: .zero, upload: transfer.moved)
      spent = moved.part(of: phase)
    } else {
      spent = plan.timeline.spent(in: phase, after: active)
    }
    let energy = energy(plan.profile, plan.timeline, phase, active: active)
    state.tasks[id].leave(
      at: time, spent: spent, energy: energy,
      hazard: plan.profile.hazard.hazard(of: active, in: phase))
  }

  func endDownload(_ id: Int, at time: SimulationTime) {
    leavePhase(id, at: time, isWhole: true)
    if state.lora != nil {
      let plan = state.tasks.plan(of: id)
      state.lastVersions[plan.client] = plan.baseVersion
    }
    if baseDownload == .once {
      state.based.insert(state.tasks.plan(of: id).client)
    }
    enter(.training, id, at: time)
  }

  func endTraining(_ id: Int, at time: SimulationTime) {
    leavePhase(id, at: time, isWhole: true)
    remember(id)
    enter(.upload, id, at: time)
  }
}
