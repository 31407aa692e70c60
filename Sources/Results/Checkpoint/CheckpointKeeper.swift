import Foundation
import Scenario
import Storage
import Tensors

/// Writes checkpoints of a run at a suitable rate.
package final class CheckpointKeeper<Simulation: SimulationCheckpoint> {
  /// The state of the finished methods.
  package private(set) var run: RunCheckpoint<Simulation>
  private let folder: ResultsFolder
  private let origin: PendingResult<Result<RunOrigin, ExperimentError>>
  private let stop: (any StopSignal)?
  private let observer: any ProgressObserver
  private var schedule = CheckpointSchedule()
  private var lastStart: ContinuousClock.Instant
  /// The running method, and its recorder.
  private var method = ""
  private var recorder: MethodRecorder?
  /// The previous checkpoint, if still being written.
  private var pendingWrite: PendingWrite?
  /// The error of the last checkpoint, if the user was warned about it.
  private var fault: FileFault?

  package init(
    _ run: RunCheckpoint<Simulation>, _ folder: ResultsFolder,
    _ origin: PendingResult<Result<RunOrigin, ExperimentError>>,
    _ stop: (any StopSignal)?, _ observer: any ProgressObserver
  ) {
    self.run = run
    self.folder = folder
    self.origin = origin
    self.stop = stop
    self.observer = observer
    lastStart = schedule.now
  }

  /// Switches to the rows of another method.
  package func begin(_ method: String, _ recorder: MethodRecorder) {
    self.method = method
    self.recorder = recorder
  }

  package var isStopping: Bool { stop?.isRequested ?? false }

  package func isDue(madeVersion: Bool) -> Bool {
    guard schedule.isDue(madeVersion: madeVersion) else { return false }
    guard let pendingWrite else { return true }
    guard pendingWrite.isDone else { return false }
    settle()
    return schedule.isDue(madeVersion: madeVersion)
  }

  /// Writes a checkpoint while a method is running.
  ///
  /// A full disk does not stop the run; the last checkpoint is kept.
  ///
  /// - Throws: `ResultsFault` if the run's folder was removed; `ExperimentError` if a file of the
  ///   data or the model is no longer readable.
  package func save(_ simulation: Simulation) throws {
    guard let recorder else { preconditionFailure("a simulation that runs has a recorder") }
    try write(.init(simulation: simulation, recorder: recorder.record))
  }

  /// Records a finished method.
  package func finish(_ summary: MethodSummary, events: Int) throws {
    run.summaries.append(summary)
    run.events += events
    recorder = nil
    if isDue(madeVersion: true) { try write(nil) }
  }

  /// Writes a checkpoint because a stop was requested.
  ///
  /// - Returns: the error that ends the run.
  package func interruption(_ simulation: Simulation) throws -> RunInterruption {
    stop?.answer()
    try save(simulation)
    settle()
    let position = "at version \(simulation.version) of \(method)"
    guard let fault else {
      return RunInterruption(
        description:
          "Interrupted \(position); the same command with --resume continues from there.")
    }
    return RunInterruption(
      description:
        "Interrupted \(position), but the checkpoint could not be written (\(fault)); the same command with --resume continues from the previous checkpoint, if there is one."
    )
  }

  /// The run's wall time in seconds so far.
  package var wallTime: Double { run.wallTime + lastStart.duration(to: schedule.now) / .seconds(1) }

  /// Waits until the last checkpoint has been written with fsync.
  package func settle() {
    guard let pendingWrite else { return }
    let (fault, duration) = pendingWrite.wait()
    self.pendingWrite = nil
    schedule.waited(duration)
    note(fault)
  }

  private func write(_ method: RunCheckpoint<Simulation>.Method?) throws {
    settle()
    let start = schedule.now
    defer { schedule.wrote(since: start) }
    let identity = try origin.wait().get().identity
    try folder.checkIsThere()
    var checkpoint = run
    checkpoint.wallTime = wallTime
    checkpoint.method = method
    checkpoint.tables = folder.lengths
    do {
      let file = try CheckpointFile.prepare(checkpoint, identity: identity, for: folder.checkpoint)
      pendingWrite = PendingWrite(file, after: folder.descriptors)
    } catch let fault as FileFault {
      note(fault)
    }
  }

  /// Warns the user that a checkpoint cannot be written, unless the previous one failed for the
  /// same reason.
  private func note(_ fault: FileFault?) {
    if let fault, fault != self.fault {
      observer.observe(
        .warning(
          "no checkpoint can be written at present (\(fault)); the run continues without one"))
    }
    self.fault = fault
  }

  deinit { _ = pendingWrite?.wait() }
}
