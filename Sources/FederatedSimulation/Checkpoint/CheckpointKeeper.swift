import Foundation
import Storage
import Tensors

/// Writes down how far a run has come, often enough and not too often.
final class CheckpointKeeper {
  /// What is true of the finished methods.
  var record: RunRecord
  private let folder: ResultsFolder
  private let origin: PendingResult<Result<RunOrigin, ExperimentError>>
  private let stop: (any StopSignal)?
  private let observer: any ProgressObserver
  private var pace = CheckpointPace()
  private var lastStart: ContinuousClock.Instant
  /// The method that is running, and where its rows go.
  private var method = ""
  private var ledger: MethodLedger?
  /// The checkpoint before, on its way.
  private var placement: Placement?
  /// Why the last checkpoint could not be written, of which the user was told.
  private var fault: FileFault?

  init(
    _ record: RunRecord, _ folder: ResultsFolder,
    _ origin: PendingResult<Result<RunOrigin, ExperimentError>>,
    _ stop: (any StopSignal)?, _ observer: any ProgressObserver
  ) {
    self.record = record
    self.folder = folder
    self.origin = origin
    self.stop = stop
    self.observer = observer
    lastStart = pace.now
  }

  /// Takes the rows of another method.
  func begin(_ method: String, _ ledger: MethodLedger) {
    self.method = method
    self.ledger = ledger
  }

  var isStopping: Bool { stop?.isRequested ?? false }

  func isDue(madeVersion: Bool) -> Bool {
    guard pace.isDue(madeVersion: madeVersion) else { return false }
    guard let placement else { return true }
    guard placement.isDone else { return false }
    settle()
    return pace.isDue(madeVersion: madeVersion)
  }

  /// Writes a checkpoint in the midst of a method.
  ///
  /// A disk that is full stops nothing: the run goes on, and the last checkpoint stays.
  ///
  /// - Throws: `ResultsFault` where the run's folder is gone; `ExperimentError` where a file of the data or the
  ///   model cannot be read any more.
  func save(_ simulation: Simulation.Checkpoint) throws {
    guard let ledger else { preconditionFailure("a simulation that runs has a ledger") }
    try write(.init(simulation: simulation, ledger: ledger.record))
  }

  /// Takes note of a method that is finished.
  func finish(_ summary: MethodSummary, events: Int) throws {
    record.summaries.append(summary)
    record.events += events
    ledger = nil
    if isDue(madeVersion: true) { try write(nil) }
  }

  /// Writes a checkpoint because the run is to stop.
  ///
  /// - Returns: what ends the run.
  func interruption(_ simulation: Simulation.Checkpoint) throws -> RunInterruption {
    stop?.answer()
    try save(simulation)
    settle()
    let position = "at version \(simulation.state.version.number) of \(method)"
    guard let fault else {
      return RunInterruption(
        description:
          "Interrupted \(position); the same command with --resume goes on from there.")
    }
    return RunInterruption(
      description:
        "Interrupted \(position), which could not be written down (\(fault)); the same command with --resume goes on from the checkpoint before, if there is one."
    )
  }

  /// The seconds that the run has taken until now.
  var wallTime: Double { record.wallTime + lastStart.duration(to: pace.now) / .seconds(1) }

  /// Waits for the last checkpoint to be on the disk.
  func settle() {
    guard let placement else { return }
    let (fault, duration) = placement.wait()
    self.placement = nil
    pace.waited(duration)
    note(fault)
  }

  private func write(_ method: RunRecord.Method?) throws {
    settle()
    let start = pace.now
    defer { pace.wrote(since: start) }
    let identity = try origin.wait().get().identity
    try folder.checkIsThere()
    var record = record
    record.wallTime = wallTime
    record.method = method
    record.tables = folder.lengths
    do {
      let file = try CheckpointFile.prepare(record, identity: identity, for: folder.checkpoint)
      placement = Placement(file, after: folder.descriptors)
    } catch let fault as FileFault {
      note(fault)
    }
  }

  /// Tells the user that a checkpoint cannot be written, unless the one before could not for the same reason.
  private func note(_ fault: FileFault?) {
    if let fault, fault != self.fault {
      observer.observe(
        .warning("no checkpoint can be written at present (\(fault)); the run goes on without"))
    }
    self.fault = fault
  }

  deinit { _ = placement?.wait() }
}
