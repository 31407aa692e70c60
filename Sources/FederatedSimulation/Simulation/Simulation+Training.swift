import Adaptation
import EventSimulation
import Federation
import Fleet
import Tensors

extension Simulation {
  /// Nil in a timing-only run. Of several clients' own models, all answers together.
  func evaluate() -> Evaluator.Score? {
    guard learning != nil else { return nil }
    let tutors = testedTutors()
    let samples = experiment.testSamples
    var score = Evaluator.Score()
    for (index, tutor) in tutors.enumerated() {
      let (evaluator, version, pass) = (tutor.evaluator, tutor.version, tutor.pass)
      let parts = pool.map(samples.chunked(by: Self.testedTogether)) { [ledger] done in
        let images = index * samples.count + min(samples.count, done * Self.testedTogether)
        ledger.testing(images, of: tutors.count * samples.count)
      } _: { samples, context in
        evaluator.score(version.parameters, prompts: pass, samples: samples, context)
      }
      score = parts.reduce(score, +)
    }
    return score
  }

  /// Images that a worker classifies in one go.
  private static let testedTogether = 256

  private func testedTutors() -> [Tutor] {
    guard let lora, let server = state.lora else { return [learning!.tutor(at: state.version)] }
    return server.models(lora.lora, of: lora.model).map { model in
      learning!.tutor(
        of: model.method, at: server.version.number, parameters: model.parameters)
    }
  }

  // MARK: Clients

  /// Has workers train tasks that start from one version, those of a group together; clients with
  /// about as many steps go into the same group, the longest first.
  func train(_ ids: [Int]) {
    guard learning != nil else { return }
    for (task, ids) in byWhatTheyTrain(ids) {
      let baseVersion = state.tasks.plan(of: ids[0]).baseVersion
      let size =
        hasOwnStarts
        ? 1 : tutor(task, baseVersion).trainer.groupSize(clients: ids.count)
      let longestFirst = ids.sorted {
        (state.tasks.plan(of: $0).need.samples, $1) > (state.tasks.plan(of: $1).need.samples, $0)
      }
      for group in longestFirst.chunked(by: size) {
        submit(TrainingGroup(baseVersion: baseVersion, members: group.map(member)))
      }
    }
  }

  /// Those that train the same numbers from the same start.
  private func byWhatTheyTrain(_ ids: [Int]) -> [(task: LoRATask?, ids: [Int])] {
    var groups: [(task: LoRATask?, ids: [Int])] = []
    for id in ids {
      let task = state.tasks.plan(of: id).need.setup.lora
      if let place = groups.firstIndex(where: { $0.task == task }) {
        groups[place].ids.append(id)
      } else {
        groups.append((task, [id]))
      }
    }
    return groups
  }

  private func member(_ id: Int) -> TrainingGroup.Member {
    let plan = state.tasks.plan(of: id)
    return TrainingGroup.Member(
      id: id, client: plan.client, draw: plan.draw, setup: plan.need.setup)
  }

  private var hasOwnStarts: Bool { state.lora?.rule.hasOwnStarts ?? false }

  private func tutor(_ task: LoRATask?, _ baseVersion: Int) -> Tutor {
    guard let task, let lora, let server = state.lora else {
      return learning!.tutor(at: state.shelf[baseVersion])
    }
    let version = state.shelf.lora(baseVersion)
    return learning!.tutor(task, at: version.number) {
      server.method(from: version, task.size, lora.lora, of: lora.model)
    }
  }

  /// Has a worker train a group.
  ///
  /// Of a group that is trained again, some members may have ended. What their optimizers remember is then
  /// another, which changes no bit of the others' results: only their rows are needed.
  private func submit(_ group: TrainingGroup) {
    let first = group.members[0]
    let tutor = tutor(first.setup.lora, group.baseVersion)
    let trainer = tutor.trainer
    let pass = hasOwnStarts ? nil : tutor.pass
    var start = tutor.version.parameters
    if hasOwnStarts, let server = state.lora, let task = first.setup.lora {
      start = server.start(
        from: state.shelf.lora(group.baseVersion), task.size, client: first.client)
    }
    let tasks = group.members.map { member in
      ClientTask(
        memory: memory(of: member), correction: correction(for: member, group.baseVersion)
      ) {
        [experiment] in
        experiment.batches(
          trainer.training, member.setup, client: member.client, round: member.draw)
      }
    }
    let results = pool.submit { [start] context in
      trainer.train(tasks, from: start, pass: pass, context)
    }
    let running = PendingTask.Group(group, results)
    for (index, member) in group.members.enumerated()
    where state.tasks.contains(member.id) && state.trained[member.id] == nil {
      learning?.pending[member.id] = PendingTask(group: running, index: index)
    }
  }

  /// Has workers train again what they were training when the state was written down.
  func resumeTraining(_ groups: [TrainingGroup]) {
    for group in groups { submit(group) }
  }

  /// What a client's optimizer remembers of the numbers that it trains.
  private func memory(of member: TrainingGroup.Member) -> OptimizerMemory? {
    state.optimizerMemories[member.client]?[member.setup.lora]
  }

  private func correction(
    for member: TrainingGroup.Member, _ baseVersion: Int
  ) -> GradientCorrection? {
    if server.strategy.proximal > 0 {
      return GradientCorrection(proximal: Float(server.strategy.proximal))
    }
    guard let control = state.shelf.control(baseVersion) else { return nil }
    let own = state.controls[member.client]
    return GradientCorrection(drift: own.map { zip(control, $0).map { $0 - $1 } } ?? control)
  }

  // MARK: Results

  /// What stays on a device that has trained, whatever becomes of its upload.
  func remember(_ id: Int) {
    let plan = state.tasks.plan(of: id)
    let client = plan.client
    if planner.costs[plan.need.setup].prepares { state.prepared.insert(client) }
    guard training.optimizerState == .persistent,
      let pending = learning?.pending.removeValue(forKey: id)
    else { return }
    let result = pending.wait()
    if let memory = result.memory {
      state.optimizerMemories[client, default: [:]][plan.need.setup.lora] = memory
    }
    // From now on it could not be computed again, since what the optimizer started from is gone.
    state.trained[id] = TrainedUpdate(result)
  }

  /// A task's result; one that nobody has begun, because its loss seemed sure, is trained now.
  func result(of id: Int) -> TrainedUpdate? {
    guard learning != nil else { return nil }
    if let known = state.trained.removeValue(forKey: id) { return known }
    if learning?.pending[id] == nil { train([id]) }
    return learning?.pending.removeValue(forKey: id).map { TrainedUpdate($0.wait()) }
  }

  /// Waits for the results that the next event takes, before anything of it has been done.
  ///
  /// - Returns: whether they are there; they may not be where the run is to stop.
  func awaitResults(_ keeper: CheckpointKeeper) throws -> Bool {
    guard learning != nil, let (time, event) = state.schedule.nextEvent else { return true }
    for id in takers(of: event, at: time) {
      if learning?.pending[id] == nil { train([id]) }
      guard let pending = learning?.pending[id] else { continue }
      while !pending.group.results.isThere(within: Self.patience) {
        if keeper.isStopping { return false }
        if keeper.isDue(madeVersion: false) { try save(keeper) }
      }
    }
    return true
  }

  /// How long a worker is waited for before it is asked whether the run is to stop, in seconds.
  private static let patience = 0.05

  /// The tasks whose results an event takes.
  private func takers(of event: SimulationEvent, at time: SimulationTime) -> [Int] {
    switch event {
    case .trainingEnded(let id):
      training.optimizerState == .persistent && learning?.pending[id] != nil ? [id] : []
    case .uploadEnded(let id): takesResult(id) ? [id] : []
    case .linkDue(.upload):
      state.links[.upload]!.flows.ends(by: time).filter {
        state.transfers[$0]?.endsInLoss == false && takesResult($0)
      }
    default: []
    }
  }

  private func takesResult(_ id: Int) -> Bool {
    state.tasks.contains(id) && state.trained[id] == nil && !isTooLate(state.tasks.plan(of: id))
  }
}
