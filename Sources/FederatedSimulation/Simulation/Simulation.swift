import Adaptation
import EventSimulation
import Federation
import Fleet
import Foundation
import Tensors

/// One method's run over the event clock.
///
/// Selection, downloads, training, uploads and losses are events at instants of virtual time. The
/// server works in rounds or takes updates as they come. Training is real, unless the scenario does
/// without, and runs on workers; the simulation waits for a result only when the event comes at which
/// the device has it.
final class Simulation {
  let experiment: Experiment
  let training: LocalTraining
  private let adapted: AdaptedModel
  let planner: TaskPlanner
  let dropout: Dropout
  let codec: PayloadCodec
  let feedsBack: Bool
  let server: ServerSettings
  let isContinuous: Bool
  let overlaps: Bool
  /// Versions after which an update is of no use.
  let mostVersionsBehind: Int
  let seed: UInt64
  let baseDownload: FleetSettings.BaseDownload
  let interruption: FleetSettings.Interruption
  /// Where the method is a LoRA whose server has a rule of its own.
  let lora: LoRAFederation?
  let pool: WorkerPool
  /// Unchecked, since the check of each access takes a tenth of a timing-only run: one thread has it, and no
  /// access outlasts the statement that it stands in.
  @exclusivity(unchecked) var state: SimulationState
  /// Nil in a timing-only run.
  let learning: Learning?
  let selector: ClientSelector
  let ledger: any SimulationLedger
  /// Where it goes on from, until it does.
  private var checkpoint: Checkpoint?

  /// All that is written down of a simulation.
  struct Checkpoint: Codable, Sendable {
    let state: SimulationState
    /// What workers were training.
    let groups: [TrainingGroup]
  }

  /// - Parameter checkpoint: where it goes on from; nil to begin.
  init(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel,
    pool: WorkerPool, ledger: any SimulationLedger, resuming checkpoint: Checkpoint? = nil
  ) {
    let scenario = experiment.scenario
    self.experiment = experiment
    training = settings.training
    self.adapted = adapted
    server = scenario.server
    isContinuous = server.strategy.continuous != nil
    overlaps = server.overlaps
    mostVersionsBehind =
      server.strategy.continuous.map { $0.mostStale ?? .max } ?? (server.late == .kept ? .max : 0)
    codec = server.compression.codec
    feedsBack = server.compression.feedsBack
    seed = scenario.seed
    baseDownload = scenario.fleet.baseDownload
    interruption = scenario.fleet.interruption
    lora = LoRAFederation(experiment, settings, adapted)
    let numbers = adapted.method.trainable.count
    planner = TaskPlanner(
      experiment: experiment, costs: TaskCosts(experiment, settings.training, adapted, lora),
      connection: Connection(handshakes: server.handshakes, seed: seed),
      traffic: TaskPlanner.Traffic(server, down: numbers, up: numbers),
      extraRoundTrips: server.secureAggregation == nil ? 0 : SecureAggregationCost.extraRoundTrips)
    selector = ClientSelector(population: experiment.fleet.count, seed: seed)
    dropout = Dropout(seed: seed)
    self.pool = pool
    self.ledger = ledger
    self.checkpoint = checkpoint
    learning =
      scenario.isTimingOnly ? nil : Learning(experiment, settings.training, adapted)
    state =
      checkpoint?.state
      ?? Self.start(experiment, adapted, lora, learnsAll: learning != nil && lora == nil)
    if let part = state.lora?.part { planner.costs.part = part }
  }

  /// The state before the first event.
  ///
  /// - Parameter learnsAll: whether the version's numbers are what clients train.
  private static func start(
    _ experiment: Experiment, _ adapted: AdaptedModel, _ lora: LoRAFederation?, learnsAll: Bool
  ) -> SimulationState {
    let (server, seed) = (experiment.scenario.server, experiment.scenario.seed)
    let population = experiment.fleet.count
    let parameters =
      learnsAll ? adapted.method.initialParameters(of: experiment.model, seed: seed) : []
    var state = SimulationState(
      version: ModelVersion(number: 0, parameters: parameters),
      aggregation: Aggregation(
        server, parameters: parameters.count, population: population, seed: seed),
      selection: server.selection.policy(seed: seed))
    state.lora = lora?.server(server, population: population, seed: seed)
    state.accountant = server.privacy.map { _ in RenyiAccountant() }
    state.links[.download] = server.download.map(ServerLink.init)
    state.links[.upload] = server.upload.map(ServerLink.init)
    return state
  }

  /// Runs until the last version is made, or no other can be.
  ///
  /// - Parameter keeper: writes checkpoints, between events.
  /// - Throws: `RunInterruption` where the run is to stop; where a ledger cannot be written.
  func run(_ keeper: CheckpointKeeper) throws {
    if let checkpoint {
      self.checkpoint = nil
      resumeTraining(checkpoint.groups)
    } else {
      try recordVersion(at: .zero)
      state.schedule.schedule(isContinuous ? .vacancy : .roundStarted(1), at: .zero)
    }
    while !state.isFinished {
      guard !keeper.isStopping, try awaitResults(keeper) else {
        throw try keeper.interruption(Checkpoint(state: state, groups: learning?.groups ?? []))
      }
      guard let (time, event) = state.schedule.next() else { return }
      let version = state.version.number
      state.events += 1
      try handle(event, at: time)
      let madeVersion = state.version.number != version
      // Events of a timing-only run take no longer than a look at the clock.
      if madeVersion || learns || state.events & 1023 == 0,
        keeper.isDue(madeVersion: madeVersion)
      {
        try save(keeper)
      }
    }
  }

  func save(_ keeper: CheckpointKeeper) throws {
    try keeper.save(Checkpoint(state: state, groups: learning?.groups ?? []))
  }

  /// Writes what has been learnt in the files that the method's users expect; of clients with models of
  /// their own, each in a folder of its own.
  func write(_ method: any AdaptationMethod, to directory: URL) throws {
    guard let lora, let server = state.lora else {
      return try method.write(state.version.parameters, to: directory)
    }
    for model in server.adapters(lora.lora, of: lora.model) {
      let folder = model.client.map { directory.appending(path: "client-\($0)") } ?? directory
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try model.method.write(model.parameters, to: folder)
    }
  }

  /// How many numbers a client trains that has the server's size.
  var trainableParameters: Int {
    guard let lora, let server = state.lora else { return adapted.method.trainable.count }
    return lora.lora.shape.count(of: server.part, rank: lora.lora.rank)
  }

  /// What such a client sends for one version.
  var payload: ByteCount {
    guard let lora, let server = state.lora else { return planner.traffic.upload }
    return TaskPlanner.Traffic(
      self.server, down: 0, up: server.numbersUp(lora.lora.size)
    ).upload
  }

  /// Whether anything is trained.
  var learns: Bool { learning != nil }

  /// What all tasks did.
  var total: RoundActivity { state.total }

  /// How many events have been handled.
  var events: Int { state.events }

  /// What the user should know about how the versions came about; nil where there is nothing to tell.
  var remark: String? {
    guard state.emptyVersions > 0 || state.version.number < server.rounds else { return nil }
    let causes = [
      (total.excludedMemory, "lacked the memory"),
      (total.unavailable, "were away or out of charge"),
      (total.dropped, "were lost"), (total.late, "came late"),
      (total.rejected, "were rejected because their numbers were not finite"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let reason =
      causes.isEmpty
      ? "no device could be selected"
      : "of \(total.selected) tasks " + causes.joined(separator: ", ")
    let cause =
      state.round.rejectedInARow > 0
      ? "only updates came whose numbers were not finite" : "no device can take part any more"
    return state.version.number < server.rounds
      ? "the run ended at version \(state.version.number) of \(server.rounds), since \(cause): \(reason)"
      : "\(state.emptyVersions) of \(server.rounds) versions had no update and left the model as it was: \(reason)"
  }

  private func handle(_ event: SimulationEvent, at time: SimulationTime) throws {
    switch event {
    case .roundStarted(let round): try startRound(round, at: time)
    case .cohortReturned(let round): try returnCohort(of: round, at: time)
    case .deadline: try passDeadline(at: time)
    case .vacancy: try fillVacancies(at: time)
    case .downloadEnded(let id): endDownload(id, at: time)
    case .trainingEnded(let id): endTraining(id, at: time)
    case .uploadEnded(let id): try complete(id, at: time)
    case .lost(let id): try lose(id, at: time)
    case .transferBegan(let id): try joinLink(id, at: time)
    case .departed(let id): try leaveLink(id, at: time)
    case .returned(let id): try joinLink(id, at: time)
    case .linkDue(let phase): try endTransfers(phase, at: time)
    }
  }

  // MARK: Versions

  /// Puts a version in place of the last, and tests it where the scenario says so.
  func publish(_ version: ModelVersion, at time: SimulationTime) throws {
    state.version = version
    if state.round.used == 0 { state.emptyVersions += 1 }
    if version.number == server.rounds {
      state.isFinished = true
      try abandonTasks(at: time)
    }
    try recordVersion(at: time)
  }

  private func recordVersion(at time: SimulationTime) throws {
    let round = state.version.number
    guard round % experiment.scenario.evaluation.every == 0 || round == server.rounds else {
      try ledger.passed(round: round, at: time, bytes: state.total.bytes)
      return
    }
    let score = evaluate()
    try ledger.record(
      RoundRecord(
        round: round, time: time, testAccuracy: score?.accuracy, testLoss: score?.loss,
        activity: state.activity, cumulativeBytes: state.total.bytes,
        loraBias: state.lora?.bias,
        epsilon: server.privacy.flatMap { state.accountant?.epsilon(delta: $0.delta) }))
    state.activity = RoundActivity()
  }

  func record(_ task: TaskRecord) throws {
    state.activity.add(task)
    state.total.add(task)
    try ledger.record(task)
  }
}
