import Adaptation
import EventSimulation
import Federation
import Fleet
import Tensors

/// One method's run over the event clock: rounds of synchronous federated averaging.
///
/// Selection, downloads, training, uploads and losses are events at instants of virtual time. Training
/// is real and runs on workers; the simulation waits for a result only when the event comes at which
/// the device has it.
struct Simulation {
  private let experiment: Experiment
  private let trainer: ClientTrainer
  private let evaluator: Evaluator
  private let costs: CostModel
  private let selector: ClientSelector
  private let dropout: Dropout
  private let codec = PayloadCodec()
  private let payload: ByteCount
  private let pool: WorkerPool
  private let ledger: any SimulationLedger
  private var state: SimulationState
  /// What workers compute for tasks in flight; it can be computed again from the state.
  private var pending: [Int: PendingTask] = [:]
  /// The current version's pass of the prompts, which its evaluation and its clients' first steps read.
  private var pass: PromptPass?

  init(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel,
    pool: WorkerPool, ledger: any SimulationLedger
  ) {
    let scenario = experiment.scenario
    self.experiment = experiment
    trainer = ClientTrainer(
      adapted, settings.training, images: experiment.images, features: experiment.features,
      prompts: experiment.prompts)
    evaluator = Evaluator(adapted, images: experiment.images, features: experiment.features)
    costs = CostModel(
      adapted, settings.training, prompts: experiment.prompts, plan: scenario.fleet.executionPlan)
    selector = ClientSelector(population: experiment.fleet.count, seed: scenario.seed)
    dropout = Dropout(seed: scenario.seed)
    payload = ByteCount(codec.byteCount(of: adapted.method.trainable.count))
    self.pool = pool
    self.ledger = ledger
    state = SimulationState(
      version: adapted.method.initialParameters(of: experiment.model, seed: scenario.seed))
  }

  /// Runs all rounds.
  ///
  /// - Returns: the last version of the method's parameters.
  /// - Throws: where a ledger cannot be written.
  mutating func run() throws -> [Float] {
    try recordVersion(at: .zero)
    state.schedule.schedule(.roundStarted(1), at: .zero)
    while let (time, event) = state.schedule.next() {
      try handle(event, at: time)
    }
    return state.version
  }

  /// What all tasks did.
  var total: RoundActivity { state.total }

  /// The most memory that the method would need on a device, whether or not it has it.
  func peakMemory(of client: Int) -> ByteCount {
    ByteCount(costs.peakBytes(labels: labels(experiment.shards[client])))
  }

  private mutating func handle(_ event: SimulationEvent, at time: SimulationTime) throws {
    switch event {
    case .roundStarted(let round): try startRound(round, at: time)
    case .downloadEnded(let id): endDownload(id)
    case .trainingEnded(let id): startUpload(id)
    case .uploadEnded(let id): try complete(id, at: time)
    case .lost(let id): try lose(id, at: time)
    }
  }

  // MARK: Rounds

  private mutating func startRound(_ round: Int, at time: SimulationTime) throws {
    state.round = round
    let cohort = selector.cohort(round: round, size: experiment.scenario.server.cohort)
    var trained: [Int] = []
    for client in cohort {
      if let id = try startTask(client, at: time) { trained.append(id) }
    }
    train(trained)
    try finishRoundIfIdle(at: time)
  }

  /// Ends the round when no task is in flight any more; without an update the version stays.
  private mutating func finishRoundIfIdle(at time: SimulationTime) throws {
    guard state.tasks.isEmpty else { return }
    state.version = state.strategy.finish(state.version)
    pass = nil
    try recordVersion(at: time)
    if state.round < experiment.scenario.server.rounds {
      state.schedule.schedule(.roundStarted(state.round + 1), at: time)
    }
  }

  /// Tests the version where the scenario says so, and writes its row.
  private mutating func recordVersion(at time: SimulationTime) throws {
    let round = state.round
    let isTested =
      round % experiment.scenario.evaluation.every == 0
      || round == experiment.scenario.server.rounds
    guard isTested else {
      try ledger.passed(round: round, at: time, bytes: state.total.bytes)
      return
    }
    let score = evaluate()
    try ledger.record(
      RoundRecord(
        round: round, time: time, testAccuracy: score.accuracy, testLoss: score.loss,
        activity: state.activity, cumulativeBytes: state.total.bytes))
    state.activity = RoundActivity()
  }

  private mutating func evaluate() -> Evaluator.Score {
    let (version, prompts) = (state.version, currentPass())
    return pool.map(experiment.testSamples.chunked(by: 256)) { [evaluator] samples, context in
      evaluator.score(version, prompts: prompts, samples: samples, context)
    }.reduce(Evaluator.Score(), +)
  }

  private mutating func currentPass() -> PromptPass {
    let current = pass ?? trainer.pass(version: state.version)
    pass = current
    return current
  }

  // MARK: Tasks

  /// - Returns: the task, or nil where the device is turned away or nothing of what it would train is
  ///   used.
  private mutating func startTask(_ client: Int, at time: SimulationTime) throws -> Int? {
    let profile = experiment.fleet.profile(of: client)
    let samples = experiment.shards[client]
    let peak = peakMemory(of: client)
    guard peak <= profile.memory else {
      try record(.excluded(client, profile, round: state.round, at: time, samples: samples, peak))
      return nil
    }
    let batches = experiment.batches(trainer.training, client: client, round: state.round)
    let flops = costs.flops(
      batches: batches.map(labels), preparing: !state.prepared.contains(client))
    let work = TaskWork(download: payload, training: FLOPCount(flops), upload: payload)
    let task = InFlightTask(
      client: client, round: state.round, profile: profile, samples: samples.count,
      timeline: TaskTimeline(profile: profile, start: time, work: work), peakMemory: peak)
    let id = state.nextTask
    state.nextTask += 1
    state.tasks[id] = task
    let moment = dropout.moment(task: state.round, device: client, probability: profile.dropout)
    let loss = moment?.instant(in: task.timeline)
    if let loss {
      state.schedule.schedule(.lost(task: id), at: loss)
    } else {
      state.schedule.schedule(.downloadEnded(task: id), at: task.timeline.downloadEnd)
    }
    return isTrained(task, lostAt: loss) ? id : nil
  }

  /// A task is trained where its update arrives, or where its device keeps something of it.
  private func isTrained(_ task: InFlightTask, lostAt loss: SimulationTime?) -> Bool {
    guard let loss else { return true }
    return trainer.training.optimizerState == .persistent
      && phase(of: task, at: loss) == .upload
  }

  private func phase(of task: InFlightTask, at time: SimulationTime) -> TaskPhase {
    task.timeline.phase(at: time) ?? .upload
  }

  private mutating func endDownload(_ id: Int) {
    state.schedule.schedule(
      .trainingEnded(task: id), at: state.tasks[id]!.timeline.trainingEnd)
  }

  /// Has workers train the tasks from the current version, those of a group together; clients with
  /// about as many steps go into the same group, the longest first.
  private mutating func train(_ ids: [Int]) {
    guard !ids.isEmpty else { return }
    let (version, pass) = (state.version, currentPass())
    let longestFirst = ids.sorted {
      (state.tasks[$0]!.samples, $1) > (state.tasks[$1]!.samples, $0)
    }
    for group in longestFirst.chunked(by: trainer.groupSize(clients: ids.count)) {
      let tasks = group.map { id in
        let task = state.tasks[id]!
        return ClientTask(memory: state.optimizerMemories[task.client]) { [trainer, experiment] in
          experiment.batches(trainer.training, client: task.client, round: task.round)
        }
      }
      let results = pool.submit { [trainer] context in
        trainer.train(tasks, from: version, pass: pass, context)
      }
      for (index, id) in group.enumerated() {
        pending[id] = PendingTask(group: results, index: index)
      }
    }
  }

  private mutating func startUpload(_ id: Int) {
    let task = state.tasks[id]!
    remember(task, pending[id]!.wait())
    state.schedule.schedule(.uploadEnded(task: id), at: task.timeline.uploadEnd)
  }

  private mutating func complete(_ id: Int, at time: SimulationTime) throws {
    let task = state.tasks.removeValue(forKey: id)!
    let result = pending.removeValue(forKey: id)!.wait()
    let payload = codec.encode(result.delta)
    precondition(payload.count == self.payload.bytes, "the network carried what was encoded")
    try state.strategy.accumulate(
      ClientUpdate(
        client: task.client, baseVersion: task.round - 1, exampleCount: task.samples,
        payload: payload))
    try record(.completed(task, at: time, steps: result.steps, loss: result.meanLoss))
    try finishRoundIfIdle(at: time)
  }

  /// A lost task is trained only where its device would have kept something of it.
  private mutating func lose(_ id: Int, at time: SimulationTime) throws {
    let task = state.tasks.removeValue(forKey: id)!
    let phase = phase(of: task, at: time)
    if phase == .upload { remember(task, pending.removeValue(forKey: id)?.wait()) }
    try record(.lost(task, during: phase, at: time))
    try finishRoundIfIdle(at: time)
  }

  /// What stays on a device that has trained, whatever becomes of its upload.
  private mutating func remember(_ task: InFlightTask, _ result: ClientTrainer.Result?) {
    state.prepared.insert(task.client)
    if let memory = result?.memory { state.optimizerMemories[task.client] = memory }
  }

  private mutating func record(_ task: TaskRecord) throws {
    state.activity.add(task)
    state.total.add(task)
    try ledger.record(task)
  }

  private func labels(_ samples: [Int]) -> [Int] {
    samples.map { Int(experiment.dataset.labels[$0]) }
  }
}
