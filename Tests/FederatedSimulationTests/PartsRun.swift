import Foundation
import Tensors
import TrainingBackends

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// A run of a scenario's first method whose algorithm and coordinator, or whose audit, the test brings.
///
/// It runs as `ExperimentRun` does, and where it is stopped, it goes on from its checkpoint until it is done.
struct PartsRun {
  /// The rows of rounds.csv and tasks.csv, as values by column, and the bytes of both.
  let rounds: [[String: String]]
  let tasks: [[String: String]]
  let tables: [String: Data]
  /// The simulation as the run has left it.
  let simulation: Simulation
  /// How often it went on from a checkpoint.
  let resumptions: Int

  /// - Parameters:
  ///   - interval: how many events may pass from stop to stop; nil for a run in one piece.
  ///   - audit: looks at the simulation before each event.
  ///   - parts: left out, those that the scenario asks for.
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
