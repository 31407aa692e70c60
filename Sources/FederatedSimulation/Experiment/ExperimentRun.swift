import Adaptation
import EventSimulation
import Fleet
import Foundation
import Ranks
import Results
import Scenario
import Storage
import Tensors
import TrainingBackends

/// Runs the methods of an experiment in sequence and writes the results to a folder.
package struct ExperimentRun {
  private let experiment: Experiment
  private let pool: WorkerPool
  private let library: BaseLibrary
  private let stop: (any StopSignal)?
  private let parts: Parts
  private let observer: any ProgressObserver
  private let ranks: RankShare?

  /// Creates the parts of a method's simulation.
  package typealias Parts = (Experiment, MethodSettings, AdaptedModel) -> SimulationParts

  /// - Parameters:
  ///   - cache: the cache for image features; nil to compute all of them.
  ///   - stop: checked before every event to see whether the run must stop.
  ///   - ranks: the other processes of the run; nil if there are none.
  ///   - parts: defaults to those of the scenario.
  package init(
    _ experiment: Experiment, workers: Int, cache: FeatureCache? = nil,
    stop: (any StopSignal)? = nil, ranks: RankShare? = nil,
    parts: @escaping Parts = SimulationParts.init, _ observer: any ProgressObserver
  ) {
    self.experiment = experiment
    self.stop = stop
    self.parts = parts
    self.ranks = experiment.scenario.isTimingOnly ? nil : ranks
    pool = WorkerPool(workers: workers)
    library = BaseLibrary(
      experiment, on: pool, cache, observer, self.ranks.map { .ranks($0.hub) } ?? .workers)
    self.observer = observer
  }

  /// - Parameters:
  ///   - keepingFinished: whether an earlier run's finished results cause an error instead of being
  ///     replaced.
  ///   - claim: the claim on the folder, if the caller holds it.
  /// - Returns: a summary of each method, in the scenario's order.
  /// - Throws: `ExperimentError` if the folder cannot be claimed, its checkpoint cannot be used, or
  ///   another rank differs; `RunInterruption` if a stop was requested; `ResultsFault` if the
  ///   results can no longer be written.
  package func run(
    into directory: URL, _ resumption: Resumption = .never, keepingFinished: Bool = false,
    claim: OwnedFolder? = nil
  ) throws -> [MethodSummary] {
    if let fault = MemoryEstimate(experiment, workers: pool.count)
      .fault(available: MemoryEstimate.available)
    {
      throw fault
    }
    // Computed alongside the features, before a file can change during a long run.
    let origin = pool.submit { [experiment] _ in
      Result { () throws(ExperimentError) in try experiment.origin() }
    }
    for remark in experiment.remarks { observer.observe(.warning(remark)) }
    if let remark = try ranks?.open(key: { try origin.wait().get().resultKey }) {
      observer.observe(.warning(remark))
    }
    let claim = try claim ?? ResultsFolder.claim(directory)
    defer { withExtendedLifetime(claim) {} }
    let previous = PreviousRun(directory, experiment.scenario, observer)
    if keepingFinished { try previous.checkReplacesNothing { try origin.wait().get() } }
    var record: RunRecord? = try previous.checkpoint(resumption, recognizing: recognize) {
      try origin.wait().get()
    }
    let folder = try ResultsFolder(
      directory, experiment.scenario, experiment.fleet, goingOnFrom: record?.tables,
      finished: record?.summaries.map(\.method) ?? [])
    record?.resumptions += 1
    let keeper = CheckpointKeeper(record ?? RunRecord(), folder, origin, stop, observer)
    do {
      try LongVectors.$helpers.withValue(pool) {
        try run(keeper, from: record?.method, folder)
      }
      return try end(keeper, folder, origin.wait().get())
    } catch let fault as ResultsFault
      where FileManager.default.fileExists(atPath: folder.checkpoint.path)
    {
      throw fault.addingAdvice
    }
  }

  /// Decodes the state of the interrupted method's parts.
  private func recognize(_ record: inout RunRecord) throws {
    guard record.method != nil else { return }
    guard experiment.methods.indices.contains(record.summaries.count) else {
      throw ExperimentError("the checkpoint has more methods than the scenario")
    }
    let (settings, adapted) = experiment.methods[record.summaries.count]
    try record.method?.simulation.recognize(parts(experiment, settings, adapted))
  }

  private func run(
    _ keeper: CheckpointKeeper<Simulation.Checkpoint>, from checkpoint: RunRecord.Method?,
    _ folder: ResultsFolder
  ) throws {
    if keeper.run.summaries.count < experiment.methods.count {
      library.prepare()
    }
    stop?.listen(true)
    defer { stop?.listen(false) }
    let first = keeper.run.summaries.count
    for index in first..<experiment.methods.count {
      try run(index, from: index == first ? checkpoint : nil, keeper, folder)
    }
  }

  private func end(
    _ keeper: CheckpointKeeper<Simulation.Checkpoint>, _ folder: ResultsFolder, _ origin: RunOrigin
  ) throws -> [MethodSummary] {
    keeper.settle()
    var record = keeper.run
    try folder.write(record.summaries, full: fullBaseline(record.summaries))
    record.wallTime = keeper.wallTime
    try folder.write(
      Manifest(
        experiment.scenario, classNames: experiment.dataset.classNames,
        imageFeatures: library.origin, origin, record, workers: pool.count,
        ranks: ranks?.report))
    folder.removeCheckpoint()
    return record.summaries
  }

  /// The baseline for the comparison: the first full fine-tuning, if there is one.
  package func fullBaseline(_ summaries: [MethodSummary]) -> MethodSummary? {
    experiment.scenario.methods.firstIndex { $0.kind == .full }.map { summaries[$0] }
  }

  private func run(
    _ index: Int, from checkpoint: RunRecord.Method?,
    _ keeper: CheckpointKeeper<Simulation.Checkpoint>,
    _ folder: ResultsFolder
  ) throws {
    let (settings, adapted) = experiment.methods[index]
    let scenario = experiment.scenario
    let recorder = MethodRecorder(
      settings.name, seed: scenario.seed, target: scenario.evaluation.targetAccuracy, folder,
      goingOnFrom: checkpoint?.recorder ?? MethodRecorder.Record()
    ) { [observer] report in
      switch report {
      case .testing(let done, let count): observer.observe(.testing(settings.name, done, of: count))
      case .version(let round, let accuracy, let time, let bytes):
        observer.observe(
          .round(
            .init(
              method: settings.name, methodIndex: index, methodCount: scenario.methods.count,
              number: round, count: scenario.server.rounds, accuracy: accuracy, time: time,
              bytes: bytes)))
      }
    }
    keeper.begin(settings.name, recorder)
    let simulation = Simulation(
      experiment, settings, adapted, parts(experiment, settings, adapted),
      backend: backend(index), recorder: recorder, resuming: checkpoint?.simulation)
    try simulation.run(keeper)
    try recorder.flush()
    if simulation.trains {
      try folder.writeAdapter(settings.name) { try simulation.write(to: $0) }
    }
    guard let history = recorder.record.history else {
      preconditionFailure("every simulation records version 0")
    }
    let summary = summary(settings, adapted, history, simulation)
    if let remark = summary.remark { observer.observe(.warning("\(settings.name): \(remark)")) }
    try keeper.finish(summary, events: simulation.events)
  }

  /// Nil in a timing-only run.
  private func backend(_ index: Int) -> (any TrainingBackend)? {
    guard !experiment.scenario.isTimingOnly else { return nil }
    let local = ThreadBackend(experiment, method: index, library, on: pool)
    guard let ranks else { return local }
    return RankBackend(
      ranks.hub, local, method: index,
      sharesTests: experiment.methods[index].adapted.trainsVision)
  }

  private func summary(
    _ settings: MethodSettings, _ adapted: AdaptedModel, _ history: MethodHistory,
    _ simulation: Simulation
  ) -> MethodSummary {
    let scenario = experiment.scenario
    let total = simulation.total
    let survey = FleetSurvey(experiment, simulation.planner.costs)
    let remarks = [simulation.remark, history.remark].compactMap(\.self)
    let participants = total.selected - total.excludedMemory - total.unavailable
    return MethodSummary(
      method: settings.name, seed: scenario.seed, rounds: scenario.server.rounds,
      startAccuracy: history.first.testAccuracy, finalAccuracy: history.last.testAccuracy,
      bestAccuracy: history.best?.testAccuracy, bestRound: history.best?.round,
      targetAccuracy: scenario.evaluation.targetAccuracy,
      bytesToTarget: history.reached?.cumulativeBytes,
      timeToTarget: history.reached.map { $0.time.sinceStart },
      bytesDown: total.bytesDown, bytesUp: total.bytesUp,
      wireBytesDown: total.wireBytesDown, wireBytesUp: total.wireBytesUp,
      time: history.last.time.sinceStart,
      bytesPerRoundPerClient: participants > 0
        ? Double(total.bytes.bytes) / Double(participants) : 0,
      trainableParameters: simulation.trainableParameters,
      payload: simulation.payload,
      peakMemory: survey.peakMemory, eligibleShare: survey.eligibleShare, survey: survey,
      wastedShare: total.bytes > .zero
        ? Double(total.wastedBytes.bytes) / Double(total.bytes.bytes) : 0,
      flops: total.flops, energy: total.energy,
      wastedFLOPsShare: total.flops > .zero
        ? Double(total.wastedFLOPs.operations) / Double(total.flops.operations) : 0,
      remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
  }
}

extension ExperimentRun {
  /// Whether a folder holds this experiment's finished run, with identical file contents. If so,
  /// removes the checkpoint left by a run killed at its very end.
  ///
  /// - Parameter claim: the claim on the folder, if the caller holds it.
  /// - Throws: `ExperimentError` if a file cannot be read.
  package func isFinished(in directory: URL, claim: OwnedFolder? = nil) throws -> Bool {
    guard try FinishedRun.holds(directory, of: experiment.origin) else { return false }
    if let claim = try? claim ?? ResultsFolder.claim(directory) {
      try? FileManager.default.removeItem(at: ResultsFolder.checkpoint(in: directory))
      withExtendedLifetime(claim) {}
    }
    return true
  }
}

extension ThreadBackend {
  /// - Parameter method: the method's index in the scenario.
  convenience init(
    _ experiment: Experiment, method: Int, _ library: BaseLibrary, on pool: WorkerPool
  ) {
    let (settings, adapted) = experiment.methods[method]
    let training = settings.training
    self.init(
      adapted, training,
      Inputs(
        images: experiment.images, prompts: experiment.prompts, savings: experiment.savings,
        isNovel: experiment.isNovel
      ) { member in
        experiment.batches(
          training, batchSize: member.batchSize, client: member.client, round: member.taskSeed)
      } base: {
        library.base($0, withFeatures: !adapted.trainsVision)
      }, on: pool)
  }
}
