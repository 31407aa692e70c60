import Foundation
import Tensors
import TrainingBackends

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// A run of a scenario's first method with the test's own algorithm, coordinator or audit.
///
/// It runs like `ExperimentRun`; if stopped, it resumes from its checkpoint until it is finished.
struct PartsRun {
  /// The rows of rounds.csv and tasks.csv, as values by column, and the contents of both.
  let rounds: [[String: String]]
  let tasks: [[String: String]]
  let tables: [String: Data]
  /// The simulation at the end of the run.
  let simulation: Simulation
  /// How often it was resumed from a checkpoint.
  let resumptions: Int

  /// - Parameters:
  ///   - interval: the number of events between stops; nil for an uninterrupted run.
  ///   - audit: inspects the simulation before each event.
  ///   - parts: by default, those of the scenario.
  init(
    _ experiment: Experiment, stoppingEvery interval: Int? = nil, audit: SimulationAudit? = nil,
    parts: (Experiment) -> SimulationParts = {
      SimulationParts($0, $0.methods[0].settings, $0.methods[0].adapted)
    }
  ) throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let pool = WorkerPool(workers: 2)
    let library = BaseLibrary(experiment, on: pool, nil, SilentObserver())
    var (resumptions, ended) = (0, Simulation?.none)
    while ended == nil {
      let stop: (any StopSignal)? =
        audit ?? interval.map { CountingStop(after: $0 + resumptions % 3) }
      do {
        ended = try Self.run(experiment, library, pool, directory, stop, audit, parts(experiment))
      } catch is RunInterruption where audit == nil { resumptions += 1 }
    }
    self.resumptions = resumptions
    simulation = ended!
    let files = try TemporaryRun.files(in: directory)
    tables = files.filter { ["rounds.csv", "tasks.csv"].contains($0.key) }
    rounds = CSVRows.rows(tables["rounds.csv"]!)
    tasks = CSVRows.rows(tables["tasks.csv"]!)
  }

  private static func run(
    _ experiment: Experiment, _ library: BaseLibrary, _ pool: WorkerPool, _ directory: URL,
    _ stop: (any StopSignal)?,
    _ audit: SimulationAudit?, _ parts: SimulationParts
  ) throws -> Simulation {
    let origin = pool.submit { _ in
      Result { () throws(ExperimentError) in
        try experiment.origin()
      }
    }
    let claim = try ResultsFolder.claim(directory)
    defer { withExtendedLifetime(claim) {} }
    var record: RunRecord? = try PreviousRun(directory, experiment.scenario, SilentObserver())
      .checkpoint(
        .required, recognizing: { try $0.method?.simulation.recognize(parts) },
        origin: { try origin.wait().get() })
    let folder = try ResultsFolder(
      directory, experiment.scenario, experiment.fleet, goingOnFrom: record?.tables)
    record?.resumptions += 1
    let keeper = CheckpointKeeper(record ?? RunRecord(), folder, origin, stop, SilentObserver())
    let (settings, adapted) = experiment.methods[0]
    let recorder = MethodRecorder(
      settings.name, seed: experiment.scenario.seed, target: nil, folder,
      goingOnFrom: record?.method?.recorder ?? MethodRecorder.Record()
    ) { _ in }
    keeper.begin(settings.name, recorder)
    let simulation = Simulation(
      experiment, settings, adapted, parts, backend: backend(experiment, library, on: pool),
      recorder: audit.map { $0.recorder(recorder) } ?? recorder,
      resuming: record?.method?.simulation)
    audit?.simulation = simulation
    try simulation.run(keeper)
    audit?.check()
    try recorder.flush()
    keeper.settle()
    return simulation
  }

  private static func backend(
    _ experiment: Experiment, _ library: BaseLibrary, on pool: WorkerPool
  ) -> ThreadBackend? {
    guard !experiment.scenario.isTimingOnly else { return nil }
    let (settings, adapted) = experiment.methods[0]
    return ThreadBackend(
      adapted, settings.training,
      ThreadBackend.Inputs(
        images: experiment.images, prompts: experiment.prompts, savings: experiment.savings
      ) { member in
        experiment.batches(
          settings.training, batchSize: member.batchSize, client: member.client,
          round: member.taskSeed)
      } base: {
        library.base($0, withFeatures: !adapted.trainsVision)
      }, on: pool)
  }
}
