import Adaptation
import EventSimulation
import Federation
import Fleet
import Foundation
import Randomness

/// How tasks end, and what the server does then.
extension Simulation {
  func complete(_ id: Int, at time: SimulationTime) throws {
    leavePhase(id, at: time, isWhole: true)
    let plan = state.tasks.plan(of: id)
    if isTooLate(plan) {
      return try end(id, isContinuous ? .stale : .late, at: time)
    }
    let result = result(of: id)
    if let result, !result.delta.allSatisfy(\.isFinite) {
      state.round.rejectedInARow += 1
      return try end(id, .rejected, at: time)
    }
    state.round.rejectedInARow = 0
    observe(plan, loss: result?.meanLoss, at: time)
    var next: ModelVersion?
    if let task = plan.need.setup.lora {
      try receive(result, task, plan)
    } else if let result {
      let change = try carried(message(result, plan), plan)
      next = state.aggregation.receive(
        ClientUpdate(
          base: state.shelf[plan.baseVersion], change: change, weight: Double(plan.need.samples)),
        at: state.version)
    } else if isContinuous {
      next = state.aggregation.receive(
        ClientUpdate(
          base: ModelVersion(number: plan.baseVersion, parameters: []), change: [],
          weight: Double(plan.need.samples)), at: state.version)
    }
    state.round.used += 1
    if plan.baseVersion + 1 == state.round.number { state.round.arrived += 1 }
    try end(id, .completed, at: time, steps: result?.steps, loss: result?.meanLoss, next: next)
  }

  /// Whether so many versions have been made since that an update is of no use.
  func isTooLate(_ plan: TaskPlan) -> Bool {
    state.version.number - plan.baseVersion > mostVersionsBehind
  }

  func lose(_ id: Int, at time: SimulationTime) throws {
    guard state.tasks.contains(id) else { return }
    abandonTransfer(id, at: time)
    leavePhase(id, at: time, isWhole: false)
    try end(id, TaskOutcome(lostDuring: state.tasks[id].phase), at: time)
  }

  /// Breaks off what is in flight when the last version is made.
  func abandonTasks(at time: SimulationTime) throws {
    for id in state.tasks.ids {
      abandonTransfer(id, at: time)
      leavePhase(id, at: time, isWhole: false)
      try record(.ended(close(id), .late, at: time))
    }
  }

  /// Gives the server of a LoRA with a rule of its own what a client has trained; zeros in a timing-only run,
  /// in which only how much there is counts.
  private func receive(
    _ result: TrainedUpdate?, _ task: LoRATask, _ plan: TaskPlan
  ) throws {
    let base = learning == nil ? state.lora!.version : state.shelf.lora(plan.baseVersion)
    let change =
      result?.delta
      ?? [Float](repeating: 0, count: base.shape.count(of: task.part, rank: task.size.rank))
    let sent = try carried(state.lora!.sent(change, task.size), plan)
    state.lora!.keep(change, task.size, from: base, client: plan.client)
    state.lora!.receive(sent, task.size, from: base, weight: Double(plan.need.samples))
  }

  /// What the client sends: its change, and with SCAFFOLD that of its control variate behind it.
  private func message(_ result: TrainedUpdate, _ plan: TaskPlan) -> [Float] {
    guard let control = state.shelf.control(plan.baseVersion) else { return result.delta }
    let own = state.controls[plan.client] ?? [Float](repeating: 0, count: control.count)
    let next = ScaffoldServer.clientControl(
      own: own, control: control, change: result.delta, steps: result.steps,
      learningRate: Float(training.optimizer.learningRate))
    // The client keeps it when the server has confirmed the update, so that both know of the same.
    state.controls[plan.client] = next
    return result.delta + zip(next, own).map { $0 - $1 }
  }

  /// The change as it comes out of the bytes that the network carried.
  private func carried(_ delta: [Float], _ plan: TaskPlan) throws -> [Float] {
    var random = RandomStream(seed: seed, purpose: "payload", plan.client, plan.draw)
    let payload: Data
    if feedsBack {
      payload = try state.errorFeedback[plan.client, default: ErrorFeedback()]
        .encode(delta, with: codec, using: &random)
    } else {
      payload = try codec.encode(delta, using: &random)
    }
    precondition(
      payload.count == codec.byteCount(of: delta.count), "the network carried what was encoded")
    return try codec.decode(payload, count: delta.count)
  }

  /// Lets the selection take note of a task.
  private func observe(_ plan: TaskPlan, loss: Double?, at time: SimulationTime) {
    guard let loss else { return }
    state.selection.observe(
      TaskReport(
        client: plan.client, round: plan.baseVersion + 1, samples: plan.need.samples,
        seconds: (time - plan.timeline.start).seconds, loss: loss, squaredLoss: loss * loss))
  }

  /// Takes a task whose phase has been closed off the table, writes its row, and has the server go on.
  ///
  /// - Parameter next: the version that its update completes.
  private func end(
    _ id: Int, _ outcome: TaskOutcome, at time: SimulationTime, steps: Int? = nil,
    loss: Double? = nil, next: ModelVersion? = nil
  ) throws {
    let task = close(id)
    try record(.ended(task, outcome, at: time, steps: steps, loss: loss))
    if isContinuous {
      if let next {
        try publish(next, at: time)
        state.round = RoundState(number: next.number + 1)
      }
      if state.round.rejectedInARow >= mostRejected {
        // From such a version no usable update will ever come.
        state.isFinished = true
        return try abandonTasks(at: time)
      }
      try fillVacancies(at: time)
    } else {
      if task.plan.baseVersion + 1 == state.round.number { state.round.open -= 1 }
      try settleRound(at: time)
    }
  }

  /// After so many a server without rounds gives up: each of its devices has had several attempts.
  private var mostRejected: Int { max(100, 10 * (server.strategy.continuous?.concurrency ?? 0)) }

  /// Takes a task off the table.
  private func close(_ id: Int) -> InFlightTask {
    let task = state.tasks.remove(id)
    if learning != nil {
      learning?.pending[id] = nil
      state.trained[id] = nil
      state.shelf.release(task.plan.baseVersion)
    }
    if overlaps { state.busy.remove(task.plan.client) }
    return task
  }
}
