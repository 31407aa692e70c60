import Adaptation
import DeviceTasks
import EventSimulation
import Federation
import Results
import Scenario
import TrainingBackends

/// Training of tasks in flight.
extension Simulation {
  /// Submits tasks that start from one version for training, in groups of clients with similar
  /// numbers of steps, the longest first.
  func train(_ ids: [Int]) {
    guard let backend else { return }
    for ids in byTraining(ids) {
      let first = engine.state.tasks.plan(of: ids[0])
      let setup = first.need.setup
      let count = backend.groupCount(
        model(setup.lora, of: first.client, first.content), setup.techniques,
        clients: ids.count)
      let longestFirst = ids.sorted {
        (samples(of: $0), $1) > (samples(of: $1), $0)
      }
      for group in longestFirst.split(into: count) {
        submit(TrainingGroup(content: first.content, members: group.map(member)))
      }
    }
  }

  private func samples(of id: Int) -> Int { engine.state.tasks.plan(of: id).need.samples }

  /// Groups tasks that train the same parameters from the same version with the same techniques.
  private func byTraining(_ ids: [Int]) -> [[Int]] {
    var groups: [(first: TaskPlan, ids: [Int])] = []
    for id in ids {
      let plan = engine.state.tasks.plan(of: id)
      let setup = plan.need.setup
      let place = groups.firstIndex {
        $0.first.need.setup.lora == setup.lora
          && $0.first.need.setup.techniques == setup.techniques && $0.first.content == plan.content
      }
      if let place {
        groups[place].ids.append(id)
      } else {
        groups.append((plan, [id]))
      }
    }
    return groups.map(\.ids)
  }

  private func member(_ id: Int) -> TrainingGroup.Member {
    let plan = engine.state.tasks.plan(of: id)
    return TrainingGroup.Member(
      id: id, client: plan.client, taskSeed: plan.taskSeed, setup: plan.need.setup)
  }

  private func model(_ part: TrainedPart?, of client: Int, _ content: Int) -> ClientModel {
    algorithm.model(part, from: state.versions[content], of: client)
  }

  /// Submits a group for training.
  ///
  /// If a group is trained again, some members may have ended. What their clients keep has then
  /// changed, which does not affect the bits of the other members' results: only their rows are
  /// needed.
  func submit(_ group: TrainingGroup) {
    guard let backend else { return }
    let first = group.members[0]
    let version = state.versions[group.content]
    let job = TrainingJob(
      model: model(first.setup.lora, of: first.client, group.content),
      techniques: first.setup.techniques,
      members: group.members.map { member in
        TrainingJob.Member(
          client: member.client, taskSeed: member.taskSeed, batchSize: member.setup.batchSize,
          memory: state.optimizerMemories[member.client]?[member.setup.lora],
          correction: algorithm.correction(of: member.client, from: version),
          residual: state.errorFeedback[member.client] ?? Kept(ErrorFeedback()))
      }, upload: type(of: algorithm).sendsChange && !transport.isLossless ? upload : nil,
      mayKeepChanges: receivesChange && algorithm.onlyAddsChanges)
    let running = PendingTask.Group(group, backend.submit(job))
    for (index, member) in group.members.enumerated()
    where engine.state.tasks.contains(member.id) && state.trained[member.id] == nil {
      pending[member.id] = PendingTask(group: running, index: index)
    }
  }

  /// The groups whose results are still needed, ordered by their first tasks.
  var groups: [TrainingGroup] {
    var known: Set<ObjectIdentifier> = []
    return pending.sorted { $0.key < $1.key }.compactMap { _, task in
      known.insert(ObjectIdentifier(task.group)).inserted ? task.group.plan : nil
    }
  }

  // MARK: Results

  /// Stores what stays with a client after training, regardless of whether its upload succeeds.
  func keepResult(of id: Int, _ plan: TaskPlan) {
    guard keepsResults, let pending = pending.removeValue(forKey: id) else { return }
    let result = pending.wait()
    if let memory = result.memory {
      state.optimizerMemories[plan.client, default: [:]][plan.need.setup.lora] = memory
    }
    if type(of: algorithm).keepsClientState, result.isFinite {
      algorithm.keep(work(result, plan))
    }
    // It cannot be recomputed from now on, because the client's initial state is overwritten.
    state.trained[id] = result
  }

  /// The result of a task. If training was not submitted because a dropout seemed certain, it runs
  /// now.
  func result(of id: Int) -> TrainingResult? {
    guard trains else { return nil }
    if let known = state.trained.removeValue(forKey: id) { return known }
    if pending[id] == nil { train([id]) }
    return pending.removeValue(forKey: id)?.wait()
  }

  /// Whether the server receives a client's unmodified change.
  private var receivesChange: Bool { type(of: algorithm).sendsChange && transport.isLossless }

  private var upload: TrainingJob.Upload {
    TrainingJob.Upload(transport, seed: experiment.scenario.seed)
  }

  private func work(_ result: TrainingResult, _ plan: TaskPlan) -> ClientWork {
    ClientWork(
      client: plan.client, base: state.versions[plan.content], part: plan.need.setup.lora,
      storedChange: result.change, steps: result.steps)
  }

  /// What the server receives when a task's upload has ended.
  ///
  /// In a timing-only run, zeros if the versions' parameters determine what is sent, since then
  /// only their number matters; otherwise nil.
  func update(_ result: TrainingResult?, _ plan: TaskPlan) throws -> ClientUpdate? {
    let weight = Double(plan.need.samples)
    guard let result else {
      let part = plan.need.setup.lora
      guard part != nil else { return nil }
      let model = algorithm.model(part, from: algorithm.version)
      let work = ClientWork(
        client: plan.client, base: algorithm.version, part: part,
        change: [Float](repeating: 0, count: model.parameters.count))
      return ClientUpdate(work, sent: algorithm.message(work), weight: weight)
    }
    let work = work(result, plan)
    let staleness = versionNumber(for: plan) - plan.baseVersion
    if receivesChange {
      return ClientUpdate(sendingChangeOf: work, weight: weight, staleness: staleness)
    }
    let sent = algorithm.message(work)
    // A client has one task at a time, so its residual is still the one given to the worker.
    let received =
      try result.received
      ?? upload.carried(
        sent, client: plan.client, taskSeed: plan.taskSeed,
        residual: state.errorFeedback[plan.client]?.value ?? ErrorFeedback())
    if transport.hasErrorFeedback { state.errorFeedback[plan.client] = received.residual }
    return ClientUpdate(
      work, sent: sent, received: received.numbers, weight: weight, staleness: staleness)
  }

  /// Waits for the results that the next event needs, before handling it.
  ///
  /// - Returns: whether they are available; they may not be if a stop was requested.
  func awaitResults(_ keeper: CheckpointKeeper<Checkpoint>) throws -> Bool {
    guard trains else { return true }
    if keepsResults {
      for id in engine.finishingNext(.training) where pending[id] != nil {
        guard try hasResult(of: id, keeper) else { return false }
      }
    }
    for id in engine.finishingNext(.upload) where takesResult(id) {
      if pending[id] == nil { train([id]) }
      guard try hasResult(of: id, keeper) else { return false }
    }
    return true
  }

  private func takesResult(_ id: Int) -> Bool {
    engine.state.tasks.contains(id) && state.trained[id] == nil
      && rejection(of: engine.state.tasks.plan(of: id)) == nil
  }

  private func hasResult(of id: Int, _ keeper: CheckpointKeeper<Checkpoint>) throws -> Bool {
    guard let pending = pending[id] else { return true }
    while !pending.group.results.isThere(within: Self.patience) {
      if keeper.isStopping { return false }
      if keeper.isDue(madeVersion: false) { try save(keeper) }
    }
    return true
  }

  /// The timeout in seconds for a result between checks for a stop request.
  private static let patience = 0.05
}
