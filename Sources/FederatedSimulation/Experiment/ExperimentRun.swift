import Adaptation
import EventSimulation
import Fleet
import Foundation
import Tensors

/// Runs the methods of an experiment one after the other and leaves the results in a folder.
package struct ExperimentRun {
  private var experiment: Experiment
  private let pool: WorkerPool
  private let cache: FeatureCache?
  private let stop: (any StopSignal)?
  private let observer: any ProgressObserver

  /// - Parameters:
  ///   - cache: where image features are kept from run to run; nil to compute them anew.
  ///   - stop: asked before every event whether the run is to stop.
  package init(
    _ experiment: Experiment, workers: Int, cache: FeatureCache? = nil,
    stop: (any StopSignal)? = nil, _ observer: any ProgressObserver
  ) {
    self.experiment = experiment
    self.cache = cache
    self.stop = stop
    pool = WorkerPool(workers: workers)
    self.observer = observer
  }

  /// - Returns: a summary of each method, in the scenario's order.
  /// - Throws: `ExperimentError` where the folder cannot be taken, or its checkpoint not be used;
  ///   `RunInterruption` where the run was to stop; `ResultsFault` where the results cannot be written any more.
  package mutating func run(
    into directory: URL, _ resumption: Resumption = .never
  ) throws -> [MethodSummary] {
    // Read while the features are computed, and before a file of a long run can change.
    let origin = pool.submit { [experiment] _ in
      Result { () throws(ExperimentError) in try RunOrigin(experiment) }
    }
    let claim = try ResultsFolder.claim(directory)
    defer { withExtendedLifetime(claim) {} }
    var record = try EarlierRun(directory, experiment.scenario, observer)
      .record(resumption) { try origin.wait().get() }
    let folder = try ResultsFolder(
      directory, experiment, goingOnFrom: record?.tables,
      finished: record?.summaries.map(\.method) ?? [])
    record?.resumptions += 1
    let keeper = CheckpointKeeper(record ?? RunRecord(), folder, origin, stop, observer)
    do {
      try run(keeper, from: record?.method, folder)
      return try end(keeper, folder, origin.wait().get())
    } catch let fault as ResultsFault
      where FileManager.default.fileExists(atPath: folder.checkpoint.path)
    {
      throw fault.addingAdvice
    }
  }

  private mutating func run(
    _ keeper: CheckpointKeeper, from checkpoint: RunRecord.Method?, _ folder: ResultsFolder
  ) throws {
    if keeper.record.summaries.count < experiment.methods.count {
      experiment.prepareFeatures(on: pool, cache, observer)
    }
    stop?.listen(true)
    defer { stop?.listen(false) }
    let first = keeper.record.summaries.count
    for index in first..<experiment.methods.count {
      try run(index, from: index == first ? checkpoint : nil, keeper, folder)
    }
  }

  private func end(
    _ keeper: CheckpointKeeper, _ folder: ResultsFolder, _ origin: RunOrigin
  ) throws -> [MethodSummary] {
    keeper.settle()
    var record = keeper.record
    try folder.write(record.summaries, full: fullBaseline(record.summaries))
    record.wallTime = keeper.wallTime
    try folder.write(Manifest(experiment, origin, record, workers: pool.count))
    folder.removeCheckpoint()
    return record.summaries
  }

  /// The summary that the others are compared with: the first full fine-tuning, if there is one.
  package func fullBaseline(_ summaries: [MethodSummary]) -> MethodSummary? {
    experiment.scenario.methods.firstIndex { $0.kind == .full }.map { summaries[$0] }
  }

  private func run(
    _ index: Int, from checkpoint: RunRecord.Method?, _ keeper: CheckpointKeeper,
    _ folder: ResultsFolder
  ) throws {
    let (settings, adapted) = experiment.methods[index]
    let scenario = experiment.scenario
    let ledger = MethodLedger(
      settings.name, seed: scenario.seed, target: scenario.evaluation.targetAccuracy, folder,
      goingOnFrom: checkpoint?.ledger ?? MethodLedger.Record()
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
    keeper.begin(settings.name, ledger)
    let simulation = Simulation(
      experiment, settings, adapted, pool: pool, ledger: ledger,
      resuming: checkpoint?.simulation)
    try simulation.run(keeper)
    try ledger.flush()
    if simulation.learns {
      try folder.writeAdapter(settings.name) { try simulation.write(adapted.method, to: $0) }
    }
    if let remark = simulation.remark { observer.observe(.warning("\(settings.name): \(remark)")) }
    guard let course = ledger.record.course else {
      preconditionFailure("every simulation records version 0")
    }
    try keeper.finish(summary(settings, adapted, course, simulation), events: simulation.events)
  }

  private func summary(
    _ settings: MethodSettings, _ adapted: AdaptedModel, _ course: MethodCourse,
    _ simulation: Simulation
  ) -> MethodSummary {
    let scenario = experiment.scenario
    let total = simulation.total
    let survey = FleetSurvey(experiment, simulation.planner.costs)
    let participants = total.selected - total.excludedMemory - total.unavailable
    return MethodSummary(
      method: settings.name, seed: scenario.seed, rounds: scenario.server.rounds,
      startAccuracy: course.first.testAccuracy, finalAccuracy: course.last.testAccuracy,
      bestAccuracy: course.best?.testAccuracy, bestRound: course.best?.round,
      targetAccuracy: scenario.evaluation.targetAccuracy,
      bytesToTarget: course.reached?.cumulativeBytes,
      timeToTarget: course.reached.map { $0.time.sinceStart },
      bytesDown: total.bytesDown, bytesUp: total.bytesUp, time: course.last.time.sinceStart,
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
      remark: simulation.remark)
  }
}
