import Adaptation
import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Fleet
import Foundation
import Results
import Scenario
import TrainingBackends

/// The run of one method over the event clock: connects an engine, a coordinator, an algorithm and
/// a backend.
///
/// The coordinator selects devices, starts tasks and creates versions. The engine advances tasks in
/// virtual time. The algorithm defines what is sent, trained and aggregated. The backend trains;
/// the simulation waits for its result only at the event at which the device has it.
final class Simulation {
  let experiment: Experiment
  let server: ServerSettings
  let adapted: AdaptedModel
  let training: LocalTraining
  let planner: TaskPlanner
  let transport: UpdateTransport
  let selector: ClientSelector
  /// Nil in a timing-only run.
  let backend: (any TrainingBackend)?
  let ledger = CostLedger()
  let recorder: any SimulationRecorder
  /// The privacy mechanism of a version; nil without privacy.
  private let mechanism: SampledGaussian?
  @exclusivity(unchecked) private(set) var engine: TaskEngine!
  @exclusivity(unchecked) private var coordinator: any Coordinator
  @exclusivity(unchecked) var algorithm: any FederatedAlgorithm
  /// Unchecked for the same reason as `TaskEngine.state`.
  @exclusivity(unchecked) var state: SimulationState
  /// The backend's pending work for tasks in flight; it can be recomputed from the state.
  var pending: [Int: PendingTask] = [:]
  /// Nil if disabled.
  private var conservation: ConservationCheck?
  /// Started tasks that have not been submitted to the backend yet.
  private var started: [Int] = []
  /// The cached traffic of the last requested kind of task.
  @exclusivity(unchecked) private var lastTraffic:
    (down: Int, up: Int, cohort: Int, traffic: TaskPlanner.Traffic)?
  /// The edges, by index; empty without a topology.
  private var edgeServers: [SimulationEdge] = []
  /// Groups to train again after resuming from a checkpoint, until they are submitted.
  private var resumed: [TrainingGroup]?

  /// - Parameters:
  ///   - checkpoint: the recognized checkpoint to resume from; nil to start from the beginning.
  init(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel,
    _ parts: SimulationParts, backend: (any TrainingBackend)?,
    recorder: any SimulationRecorder, resuming checkpoint: Checkpoint? = nil
  ) {
    let (scenario, seed) = (experiment.scenario, experiment.scenario.seed)
    self.experiment = experiment
    self.adapted = adapted
    self.backend = backend
    self.recorder = recorder
    server = scenario.server
    training = settings.training
    coordinator = parts.coordinator
    algorithm = parts.algorithm
    transport = UpdateTransport(server)
    planner = TaskPlanner(
      experiment: experiment,
      costs: TaskCosts(
        experiment, settings, adapted, FederatedLoRA(experiment, settings, adapted),
        clientMemory: parts.algorithm.clientMemory + transport.clientMemory),
      connection: Connection(
        handshakes: server.handshakes, extraUploadRoundTrips: transport.extraRoundTrips,
        framing: server.framing, tcp: server.transport.tcp, seed: seed))
    selector = ClientSelector(population: experiment.fleet.count, seed: seed)
    mechanism = server.privacy.map { [server] in
      PrivateMean($0, server, population: experiment.fleet.count, seed: seed).mechanism(
        $0.sampling, rate: server.samplingRate(population: experiment.fleet.count))
    }
    state = SimulationState(selection: server.selection.policy(seed: seed))
    state.accountant = mechanism.map { _ in RenyiAccountant() }
    state.edges = (experiment.edges ?? []).map { [selection = state.selection] _ in
      EdgeState(selection: selection)
    }
    engine = TaskEngine(
      TaskEngine.Environment(experiment, tracksBusyDevices: coordinator.overlapsTasks), ledger, self
    )
    edgeServers = (experiment.edges ?? []).enumerated().map {
      SimulationEdge(self, $0, $1, seed: seed)
    }
    if let checkpoint { restore(checkpoint) }
    planner.costs.part = algorithm.trainedPart
    if experiment.checksConservation { conservation = ConservationCheck(ledger, engine) }
  }

  // MARK: Checkpoints

  /// The Codable state of a simulation.
  struct Checkpoint: SimulationCheckpoint {
    /// The number of the current version.
    let version: Int
    let engine: TaskEngine.Checkpoint
    private(set) var coordinator: ComponentState
    private(set) var algorithm: ComponentState
    let state: SimulationState
    let ledger: CostLedger.State
    /// The groups that were being trained.
    let groups: [TrainingGroup]

    /// Decodes the states of the parts.
    ///
    /// - Throws: `DecodingError` if the parts have other types.
    mutating func recognize(_ parts: SimulationParts) throws {
      try coordinator.recognize(like: parts.coordinator)
      try algorithm.recognize(like: parts.algorithm)
    }
  }

  private var checkpoint: Checkpoint {
    Checkpoint(
      version: state.version, engine: engine.checkpoint, coordinator: ComponentState(coordinator),
      algorithm: ComponentState(algorithm), state: state, ledger: ledger.state, groups: groups)
  }

  private func restore(_ checkpoint: Checkpoint) {
    guard let coordinator = checkpoint.coordinator.value(as: (any Coordinator).self),
      let algorithm = checkpoint.algorithm.value(as: (any FederatedAlgorithm).self)
    else { preconditionFailure("a checkpoint's parts are recognized before it is used") }
    engine.restore(checkpoint.engine)
    self.coordinator = coordinator
    self.algorithm = algorithm
    state = checkpoint.state
    ledger.restore(checkpoint.ledger)
    resumed = checkpoint.groups
  }

  // MARK: Running

  /// Runs until the last version is created, or no further one is possible.
  ///
  /// - Parameter keeper: writes checkpoints between events.
  /// - Throws: `RunInterruption` if a stop was requested; otherwise if the tables cannot be
  ///   written.
  func run(_ keeper: CheckpointKeeper<Checkpoint>) throws {
    if let resumed {
      self.resumed = nil
      for group in resumed { submit(group) }
    } else {
      try recordVersion(at: .zero)
      try coordinate { try $0.begin(self, at: .zero) }
    }
    while !state.isFinished {
      guard !keeper.isStopping, try awaitResults(keeper) else {
        throw try keeper.interruption(checkpoint)
      }
      let version = state.version
      guard try engine.step() else {
        // There are no further events.
        return try giveUp(.noEligibleDevice, at: engine.state.schedule.now)
      }
      conservation?.check(ledger, engine, at: engine.state.schedule.now)
      let madeVersion = state.version != version
      // Timing-only events are as fast as reading the clock, so not every event reads it.
      if madeVersion || trains || engine.state.events & 1023 == 0,
        keeper.isDue(madeVersion: madeVersion)
      {
        try save(keeper)
      }
    }
  }

  func save(_ keeper: CheckpointKeeper<Checkpoint>) throws { try keeper.save(checkpoint) }

  /// Lets the coordinator act, and submits the tasks that it started for training.
  private func coordinate(_ body: (inout any Coordinator) throws -> Void) throws {
    try body(&coordinator)
    guard !started.isEmpty else { return }
    let ids = started.filter(isTrained)
    started.removeAll(keepingCapacity: true)
    train(ids)
  }

  /// Whether a task must be trained because its update may be used, or its device keeps state from
  /// it.
  private func isTrained(_ id: Int) -> Bool {
    guard engine.state.tasks.contains(id) else { return false }
    let plan = engine.state.tasks.plan(of: id)
    guard engine.isSurelyLost(id) || coordinator.isTooLong(engine.leastDuration(of: id)) else {
      return true
    }
    return keepsResults && plan.loss?.phase ?? .upload == .upload
  }

  /// Whether the run trains.
  var trains: Bool { backend != nil }

  /// Whether clients keep state from training, regardless of whether their upload succeeds.
  var keepsResults: Bool {
    training.optimizerState == .persistent || type(of: algorithm).keepsClientState
  }
}

// MARK: - Task outcomes

extension Simulation: TaskObserver {
  func phaseEnded(_ phase: TaskPhase, _ task: Int, at time: SimulationTime) {
    let plan = engine.state.tasks.plan(of: task)
    switch phase {
    case .download:
      if type(of: algorithm).usesLastVersion {
        state.lastVersions[plan.client] = plan.baseVersion
      }
      if experiment.scenario.fleet.baseDownload == .once { state.based.insert(plan.client) }
    case .training:
      if planner.costs[plan.need.setup].prepares { state.prepared.insert(plan.client) }
      keepResult(of: task, plan)
    case .upload: break
    }
  }

  func completed(_ task: Int, at time: SimulationTime) throws {
    let plan = engine.state.tasks.plan(of: task)
    if let rejection = rejection(of: plan) { return try end(task, rejection, at: time) }
    let result = result(of: task)
    if let result, !result.isFinite {
      return try end(task, .rejected, at: time)
    }
    if let result { observe(plan, loss: result.meanLoss, at: time) }
    let update = try update(result, plan)
    if let edge = plan.edge?.edge {
      if let update { tiers.receive(update, at: edge) }
    } else {
      if let update { algorithm.receive(update) }
      state.updates += 1
    }
    if experiment.scenario.evaluation.perClient != nil, trains {
      state.clientUpdates[plan.client, default: 0] += 1
    }
    try end(task, .completed, result, at: time)
  }

  func failed(_ task: Int, _ failure: TaskFailure, at time: SimulationTime) throws {
    try end(task, TaskOutcome(failure, during: engine.state.tasks[task].phase), at: time)
  }

  func alarm(_ alarm: Alarm, at time: SimulationTime) throws {
    try coordinate { try $0.alarm(alarm, self, at: time) }
  }

  /// Why the update of a task would be rejected now; nil if it would be used.
  func rejection(of plan: TaskPlan) -> TaskOutcome? {
    coordinator.rejection(ofUpdateFrom: plan.baseVersion, current: versionNumber(for: plan))
  }

  /// The current version number of a task's server: its edge if it has one.
  func versionNumber(for plan: TaskPlan) -> Int {
    plan.edge.map { state.edges[$0.edge].versions } ?? state.version
  }

  private func observe(_ plan: TaskPlan, loss: Double, at time: SimulationTime) {
    let report = TaskReport(
      client: plan.client, round: plan.baseVersion + 1, samples: plan.need.samples,
      seconds: (time - plan.timeline.start).seconds, loss: loss, squaredLoss: loss * loss)
    changeSelection(of: plan.edge) { $0.observe(report) }
  }

  /// Changes the client selection of a task's edge, or of the server if the task has none.
  private func changeSelection(
    of edge: EdgeOrigin?, _ change: (inout ClientSelection) -> Void
  ) {
    if let edge { change(&state.edges[edge.edge].selection) } else { change(&state.selection) }
  }

  /// Removes a task, writes its row, and notifies the coordinator.
  private func end(
    _ id: Int, _ outcome: TaskOutcome, _ result: TrainingResult? = nil, at time: SimulationTime
  ) throws {
    let end = try close(id, outcome, result, at: time)
    try coordinate { try $0.taskEnded(end, self, at: time) }
  }

  /// Takes a task off the table and writes its row.
  @discardableResult
  private func close(
    _ id: Int, _ outcome: TaskOutcome, _ result: TrainingResult? = nil, at time: SimulationTime
  ) throws -> TaskEnd {
    let task = engine.remove(id)
    conservation?.end(task, outcome, engine, at: time)
    let plan = task.plan
    if trains {
      pending[id] = nil
      state.trained[id] = nil
      state.versions.release(plan.content)
    }
    let energy = plan.profile.power.map { _ in task.progress.energy }
    if let edge = plan.edge?.edge {
      state.edges[edge].busy.remove(plan.client)
      if outcome == .completed {
        state.edges[edge].collected.add(
          samples: plan.need.samples, work: task.progress.spent, energy: energy)
      }
    }
    ledger.end(
      outcome, spent: task.progress.spent, energy: energy, loss: result?.meanLoss,
      samples: plan.need.samples)
    if recorder.keepsTasks {
      try recorder.record(
        .ended(task, outcome, at: time, steps: result?.steps, loss: result?.meanLoss))
    }
    return TaskEnd(baseVersion: plan.baseVersion, outcome: outcome, edge: plan.edge?.edge)
  }
}

// MARK: - Coordinator actions

extension Simulation: CoordinatedServer {
  var versionNumber: Int { state.version }
  var tasksInFlight: Int { engine.state.tasks.count }
  var busyDevices: Set<Int> { engine.state.busy }
  var isFinished: Bool { state.isFinished }

  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission] {
    try clients.map {
      try start(
        $0, from: trains ? algorithm.version : nil, baseVersion: state.version, taskSeed: taskSeed,
        cohort: clients.count, at: time)
    }
  }

  func edge(_ number: Int) -> any EdgeServer { edgeServers[number] }

  /// Starts a task if its device can execute it.
  ///
  /// - Parameters:
  ///   - version: the version to train; nil in a timing-only run.
  ///   - edge: the edge that starts the task; nil for the server itself.
  ///   - baseVersion: the version number as counted by the edge or the server.
  func start(
    _ client: Int, from version: ServerVersion?, _ edge: EdgeOrigin? = nil, baseVersion: Int,
    taskSeed: Int, cohort: Int, at time: SimulationTime
  ) throws -> TaskAdmission {
    let profile = experiment.fleet.profile(of: client)
    let need = planner.need(of: profile)
    ledger.select(profile)
    let admission = engine.start(
      profile, need, baseVersion: baseVersion, edge: edge, taskSeed: taskSeed, at: time
    ) {
      timeline(of: profile, need, taskSeed: taskSeed, cohort: cohort, at: time)
    }
    switch admission {
    case .started(let id):
      ledger.start(peak: need.peak)
      if let edge { state.edges[edge.edge].busy.insert(client) }
      if let version {
        state.versions.retain(version)
        started.append(id)
      }
    case .insufficientMemory:
      changeSelection(of: edge) { $0.observeInsufficientMemory(of: client) }
      try refuse(profile, need, .excludedMemory, edge, baseVersion, at: time)
    case .offline, .insufficientCharge:
      try refuse(profile, need, .unavailable, edge, baseVersion, at: time)
    }
    return admission
  }

  private func refuse(
    _ profile: DeviceProfile, _ need: TaskNeed, _ outcome: TaskOutcome, _ edge: EdgeOrigin?,
    _ baseVersion: Int, at time: SimulationTime
  ) throws {
    ledger.end(outcome, energy: profile.power.map { _ in .zero })
    guard recorder.keepsTasks else { return }
    try recorder.record(
      .refused(
        profile, need, outcome, round: (edge?.cloudVersion ?? baseVersion) + 1,
        edge: edge.map { ($0.edge, baseVersion + 1) }, at: time))
  }

  /// The undisturbed timeline of a client's task if it started now.
  ///
  /// - Parameter cohort: the number of devices selected together.
  func timeline(
    of profile: DeviceProfile, _ need: TaskNeed, taskSeed: Int, cohort: Int,
    at time: SimulationTime
  ) -> TaskTimeline {
    planner.timeline(
      of: profile, need, traffic(need.setup.lora, profile.id, cohort: cohort),
      taskSeed: taskSeed, at: time, preparing: !state.prepared.contains(profile.id),
      base: base(for: profile.id))
  }

  /// The traffic of a client's task in both directions.
  func traffic(
    _ part: TrainedPart?, _ client: Int?, cohort: Int
  ) -> TaskPlanner.Traffic {
    let down = algorithm.numbersDown(part, last: client.flatMap { state.lastVersions[$0] })
    let up = algorithm.numbersUp(part)
    if let lastTraffic, (lastTraffic.down, lastTraffic.up, lastTraffic.cohort) == (down, up, cohort)
    {
      return lastTraffic.traffic
    }
    let traffic = TaskPlanner.Traffic(
      download: ByteCount(transport.bytesDown(of: down, cohort: cohort)),
      upload: ByteCount(transport.bytesUp(of: up, cohort: cohort)))
    lastTraffic = (down, up, cohort, traffic)
    return traffic
  }

  /// The bytes of the base included in a task's download.
  private func base(for client: Int) -> ByteCount {
    switch experiment.scenario.fleet.baseDownload {
    case .preinstalled: .zero
    case .once: state.based.contains(client) ? .zero : baseBytes
    case .everyRound: baseBytes
    }
  }

  private var baseBytes: ByteCount {
    ByteCount(planner.costs[planner.costs.asked(ofClass: 0)].baseBytes)
  }

  // MARK: Versions

  func makeVersion(at time: SimulationTime) throws {
    if let mechanism { state.accountant?.compose(mechanism) }
    algorithm.makeVersion()
    state.version += 1
    planner.costs.part = algorithm.trainedPart
    if state.updates == 0 { state.emptyVersions += 1 }
    state.updates = 0
    if state.version == server.rounds { try finish(at: time) }
    try recordVersion(at: time)
  }

  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws {
    state.giveUp = reason
    try finish(at: time)
    // Costs since the last row belong to no later version.
    if !ledger.current.isEmpty { try recordVersion(at: time) }
  }

  /// Aborts all tasks in flight.
  private func finish(at time: SimulationTime) throws {
    state.isFinished = true
    try breakOffTasks(.late, at: time) { _ in true }
    for edge in edgeServers { try edge.finish(at: time) }
  }

  /// Aborts some tasks.
  ///
  /// - Returns: their ends, which are not reported to the coordinator.
  @discardableResult
  func breakOffTasks(
    _ outcome: TaskOutcome = .edgeFailed, at time: SimulationTime,
    where isBrokenOff: (TaskPlan) -> Bool
  ) throws -> [TaskEnd] {
    try engine.state.tasks.ids.filter { isBrokenOff(engine.state.tasks.plan(of: $0)) }.map {
      engine.breakOff($0, at: time)
      return try close($0, outcome, at: time)
    }
  }

  /// Writes the row of the current version, and tests it if the scenario requires.
  private func recordVersion(at time: SimulationTime) throws {
    let round = state.version
    guard round % experiment.scenario.evaluation.every == 0 || state.isFinished else {
      return try recorder.passed(round: round, at: time, bytes: ledger.total.bytes)
    }
    engine.bookProgress(at: time)
    for edge in edgeServers { edge.book(at: time) }
    let test = test()
    let clients = try testClients()
    try recorder.record(
      RoundRecord(
        round: round, time: time, testAccuracy: test.accuracy, testLoss: test.loss,
        activity: ledger.current, cumulativeBytes: ledger.total.bytes,
        loraBias: algorithm.bias,
        epsilon: server.privacy.flatMap { state.accountant?.epsilon(delta: $0.delta) },
        clients: clients?.spread, fineTunedClients: clients?.fineTuned,
        baseAccuracy: test.baseAccuracy, novelAccuracy: test.novelAccuracy))
    ledger.closeRow()
  }

  private func test() -> SimulationState.TestResult {
    if let last = state.lastTest, last.version == state.version { return last }
    let score = backend?.test(algorithm.testedModels, samples: experiment.testSamples) {
      recorder.testing($0, of: $1)
    }
    let result = SimulationState.TestResult(
      version: state.version, accuracy: score?.accuracy, loss: score?.loss,
      baseAccuracy: score?.base.accuracy, novelAccuracy: score?.novel.accuracy)
    state.lastTest = result
    return result
  }

  // MARK: Alarms

  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle { engine.set(alarm, at: time) }

  func cancel(_ alarm: EventHandle) { engine.cancel(alarm) }
}
