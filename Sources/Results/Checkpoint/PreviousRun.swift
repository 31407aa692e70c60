import Foundation
import Scenario
import Storage

/// The state left in a run's folder by a previous run.
package struct PreviousRun {
  private let directory: URL
  private let scenario: Scenario
  private let observer: any ProgressObserver

  package init(_ directory: URL, _ scenario: Scenario, _ observer: any ProgressObserver) {
    self.directory = directory
    self.scenario = scenario
    self.observer = observer
  }

  private var file: URL { ResultsFolder.checkpoint(in: directory) }

  private func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

  /// Prevents finished results from being replaced. Changes nothing.
  ///
  /// - Parameter origin: the inputs of the new run; evaluated only if there are results.
  /// - Throws: `ExperimentError` if the folder contains the results of a finished run or of a
  ///   sweep; any error of `origin`.
  package func checkReplacesNothing(origin: () throws -> RunOrigin) throws {
    let own = OwnFiles(in: directory)
    if own.hasSweep { throw Self.refusal(directory, "the results of a sweep") }
    guard own.hasFinishedRun else { return }
    throw Self.refusal(
      directory,
      try FinishedRun.holds(directory, of: origin)
        ? "the finished results of this scenario"
        : "the finished results of another scenario, program version or data")
  }

  /// - Parameter contents: the folder's contents, as a noun phrase.
  package static func refusal(_ directory: URL, _ contents: String) -> ExperimentError {
    ExperimentError(
      "\(directory.relativePath) contains \(contents); replace them with --force, or choose another folder with --out"
    )
  }

  /// The checkpoint to resume from; nil to start from scratch. Changes nothing.
  ///
  /// - Parameters:
  ///   - recognize: decodes the parts of a checkpoint that only the new run can decode, or throws.
  ///   - origin: the inputs of the new run.
  /// - Throws: `ExperimentError` if the existing files must not be replaced; any error of `origin`.
  package func checkpoint<Simulation: SimulationCheckpoint>(
    _ resumption: Resumption,
    recognizing recognize: (inout RunCheckpoint<Simulation>) throws -> Void,
    origin: () throws -> RunOrigin
  ) throws -> RunCheckpoint<Simulation>? {
    guard exists(file) else {
      if resumption == .required { try checkNothingIsLost() }
      return nil
    }
    switch resumption {
    case .never:
      observer.observe(
        .warning(
          "\(directory.relativePath) held an interrupted run, which this one replaces; --resume would have continued it"
        ))
      return nil
    case .wherePossible:
      do { return try own(origin(), recognize) } catch let error as ExperimentError {
        observer.observe(.warning("\(error); the run starts over"))
        return nil
      }
    case .required:
      do { return try own(origin(), recognize) } catch let error as ExperimentError {
        throw ExperimentError("\(error); run without --resume to start over")
      }
    }
  }

  private func own<Simulation: SimulationCheckpoint>(
    _ origin: RunOrigin, _ recognize: (inout RunCheckpoint<Simulation>) throws -> Void
  ) throws -> RunCheckpoint<Simulation> {
    do {
      let written = try CheckpointFile(file)
      if let difference = origin.difference(from: written.identity) {
        throw ExperimentError("\(file.relativePath) \(difference)")
      }
      var checkpoint: RunCheckpoint<Simulation> = try written.value()
      try recognize(&checkpoint)
      tell(checkpoint)
      return checkpoint
    } catch let error as ExperimentError {
      throw error
    } catch let error as DecodingError {
      throw ExperimentError(
        "\(file.relativePath) cannot be read by this version of the program (\(error.debugDescription))"
      )
    } catch {
      throw ExperimentError("\(error)")
    }
  }

  private func tell(_ checkpoint: RunCheckpoint<some SimulationCheckpoint>) {
    let method = scenario.methods.dropFirst(checkpoint.summaries.count).first?.name
    let version = checkpoint.method?.simulation.version ?? 0
    let position =
      method.map { "version \(version) of \(scenario.server.rounds) of \($0)" }
      ?? "the end of the last method"
    observer.observe(.warning("resuming from \(position)"))
  }

  /// Without a checkpoint there is nothing to resume from, and existing files would be replaced.
  private func checkNothingIsLost() throws(ExperimentError) {
    guard exists(directory.appending(path: "manifest.json")) else {
      if exists(directory.appending(path: "rounds.csv")) {
        observer.observe(
          .warning(
            "\(directory.relativePath) has no checkpoint; the run starts from the beginning"))
      }
      return
    }
    throw ExperimentError(
      "\(directory.relativePath) contains the finished results of another scenario, program version or data; replace them with --force instead of --resume, or choose another folder with --out"
    )
  }
}
