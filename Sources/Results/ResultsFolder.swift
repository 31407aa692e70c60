import Fleet
import Foundation
import Scenario
import Storage

/// The tables and files of a run.
///
/// A table grows by whole rows, and all other files are replaced atomically. A killed run therefore
/// leaves each file absent, complete, or ending at a whole row.
package final class ResultsFolder {
  package let directory: URL
  private let rounds: CSVFile
  private let tasks: CSVFile?
  private let edges: CSVFile?
  private let clients: CSVFile?

  /// Bytes of the tables that grow; nil for those that are not written.
  package struct Lengths: Codable, Sendable {
    var rounds = 0
    var tasks: Int?
    var edges: Int?
    var clients: Int?
  }

  /// The checkpoint of an unfinished run.
  package static func checkpoint(in directory: URL) -> URL {
    directory.appending(path: "checkpoint.flora")
  }

  package var checkpoint: URL { Self.checkpoint(in: directory) }

  /// Acquires a folder for one run; creates it if it does not exist.
  ///
  /// - Returns: keeps other runs out of the folder while it lives.
  /// - Throws: `ExperimentError` if the folder is not writable, or belongs to another run.
  package static func claim(_ directory: URL) throws -> OwnedFolder {
    guard let owned = try claimIfFree(directory) else { throw isOwned(directory) }
    return owned
  }

  /// The same, but nil if the folder belongs to another run.
  package static func claimIfFree(_ directory: URL) throws -> OwnedFolder? {
    try owned(directory, .alone)
  }

  /// Acquires a sweep's folder, which other processes can share.
  ///
  /// - Returns: keeps single runs out of the folder while it lives.
  /// - Throws: `ExperimentError` if the folder is not writable, or belongs to a run.
  package static func join(_ directory: URL) throws -> OwnedFolder {
    guard let shared = try owned(directory, .shared) else { throw isOwned(directory) }
    return shared
  }

  private static func owned(_ directory: URL, _ kind: OwnedFolder.Kind) throws -> OwnedFolder? {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      return try OwnedFolder(directory, kind)
    } catch { throw unwritable(directory, error) }
  }

  private static func isOwned(_ directory: URL) -> ExperimentError {
    ExperimentError(
      "another run is writing into \(directory.path); wait for it, or give another folder with --out"
    )
  }

  /// Creates new tables, or continues existing ones.
  ///
  /// - Parameters:
  ///   - fleet: the scenario's fleet, whose table is written.
  ///   - lengths: the table sizes at the checkpoint; nil to start from scratch.
  ///   - finished: methods whose trained parameters are kept.
  /// - Throws: `ExperimentError` if the folder is not writable or incomplete; nothing has been
  ///   changed then.
  package init(
    _ directory: URL, _ scenario: Scenario, _ fleet: Fleet, goingOnFrom lengths: Lengths? = nil,
    finished: [String] = []
  ) throws {
    self.directory = directory
    let roundsFile = directory.appending(path: "rounds.csv")
    let tasksFile = directory.appending(path: "tasks.csv")
    let edgesFile = directory.appending(path: "edges.csv")
    let clientsFile = directory.appending(path: "clients.csv")
    let own = OwnFiles(in: directory)
    do {
      guard let lengths else {
        try own.check(scenario.methods.map(\.name))
        own.removeLeftovers(of: scenario.methods.map(\.name))
        own.removeRun()
        own.removeSweep()
        rounds = try CSVFile(roundsFile, header: RoundRecord.header)
        tasks =
          scenario.report.tasks == .all
          ? try CSVFile(tasksFile, header: TaskRecord.header) : nil
        edges =
          scenario.server.topology == nil
          ? nil : try CSVFile(edgesFile, header: EdgeRecord.header)
        clients =
          scenario.evaluation.perClient != nil && !scenario.isTimingOnly
          ? try CSVFile(clientsFile, header: ClientRecord.header) : nil
        try Self.writeFleet(fleet, to: directory.appending(path: "fleet.csv"))
        return
      }
      rounds = try CSVFile(roundsFile, columns: RoundRecord.header.count, length: lengths.rounds)
      tasks = try lengths.tasks.map {
        try CSVFile(tasksFile, columns: TaskRecord.header.count, length: $0)
      }
      edges = try lengths.edges.map {
        try CSVFile(edgesFile, columns: EdgeRecord.header.count, length: $0)
      }
      clients = try lengths.clients.map {
        try CSVFile(clientsFile, columns: ClientRecord.header.count, length: $0)
      }
      let adapters = directory.appending(path: "adapters")
      for method in finished where !scenario.isTimingOnly {
        guard FileManager.default.fileExists(atPath: adapters.appending(path: method).path) else {
          throw ExperimentError(
            "\(adapters.appending(path: method).relativePath), which the run had finished, is missing; run without --resume to start over"
          )
        }
      }
      try rounds.cut()
      try tasks?.cut()
      try edges?.cut()
      try clients?.cut()
      own.removeLeftovers(of: scenario.methods.map(\.name))
      own.removeReport()
      for stale in Self.writtenLast {
        try? FileManager.default.removeItem(at: directory.appending(path: stale))
      }
      // Output of methods that were not finished is written again.
      for method in scenario.methods.map(\.name) where !finished.contains(method) {
        own.removeAdapter(method)
      }
      try Self.writeFleet(fleet, to: directory.appending(path: "fleet.csv"))
    } catch let error as ExperimentError {
      throw error
    } catch {
      throw Self.unwritable(directory, error)
    }
  }

  private static let writtenLast = [
    "summary.csv", "participants.csv", "missing_data.csv", "manifest.json",
  ]

  private static func unwritable(_ directory: URL, _ error: any Error) -> ExperimentError {
    let reason =
      (error as? FileFault ?? FileFault(directory, error))?.reason ?? error.localizedDescription
    return ExperimentError("the results cannot be written to \(directory.path): \(reason)")
  }

  /// - Throws: `ResultsFault` if the folder was removed during the run.
  func checkIsThere() throws(ResultsFault) { try rounds.checkIsThere() }

  /// The current sizes of the growing tables.
  var lengths: Lengths {
    Lengths(
      rounds: rounds.length, tasks: tasks?.length, edges: edges?.length, clients: clients?.length)
  }

  /// The file descriptors of the growing tables.
  var descriptors: [Int32] { [rounds, tasks, edges, clients].compactMap { $0?.descriptor } }

  /// Finishes a run, which then cannot be resumed.
  package func removeCheckpoint() {
    try? FileManager.default.removeItem(at: checkpoint)
  }

  /// Whether rows of tasks are written.
  var keepsTasks: Bool { tasks != nil }

  func append(_ records: [TaskRecord], method: String, seed: UInt64) throws {
    try tasks?.append(records.map { $0.fields(method: method, seed: seed) })
  }

  func append(_ records: [EdgeRecord], method: String, seed: UInt64) throws {
    try edges?.append(records.map { $0.fields(method: method, seed: seed) })
  }

  func append(_ records: [ClientRecord], method: String, seed: UInt64) throws {
    try clients?.append(records.map { $0.fields(method: method, seed: seed) })
  }

  func append(_ record: RoundRecord, method: String, seed: UInt64) throws {
    try rounds.append([record.fields(method: method, seed: seed)])
  }

  /// Writes the final tables: participants, and the summary with each method compared with full
  /// fine-tuning.
  package func write(_ summaries: [MethodSummary], full: MethodSummary?) throws {
    try write(
      [FleetSurvey.participantsHeader]
        + summaries.flatMap { $0.survey.participants(method: $0.method, seed: $0.seed) },
      to: "participants.csv")
    try write(
      [FleetSurvey.missingDataHeader]
        + summaries.flatMap { $0.survey.missingData(method: $0.method, seed: $0.seed) },
      to: "missing_data.csv")
    try write(
      [MethodSummary.header] + summaries.map { $0.fields(comparedWith: full) }, to: "summary.csv")
  }

  private func write(_ rows: [[String]], to name: String) throws {
    try write(Array(rows.map(CSVFile.line).joined().utf8), to: name)
  }

  package func write(_ manifest: Manifest) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try write(Array(encoder.encode(manifest)), to: "manifest.json")
  }

  private func write(_ bytes: [UInt8], to name: String) throws(ResultsFault) {
    try checkIsThere()
    do { try DurableFile.write(bytes, to: directory.appending(path: name)) } catch {
      throw ResultsFault.unwritable(error)
    }
  }

  /// Writes a method's trained parameters to their own folder.
  ///
  /// - Throws: `ResultsFault` if they cannot be written.
  package func writeAdapter(_ method: String, _ body: (URL) throws -> Void) throws {
    try checkIsThere()
    let folder = directory.appending(path: "adapters/\(method)", directoryHint: .isDirectory)
    try ResultsFault.wrapping(folder) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try body(folder)
    }
    do { try DurableFile.bringTreeOntoDisk(folder) } catch { throw ResultsFault.unwritable(error) }
  }

  /// The maximum number of devices written for a larger fleet.
  private static let mostDevices = 100_000

  private static func writeFleet(_ fleet: Fleet, to file: URL) throws {
    let table = FleetTable(fleet)
    let count = min(table.count, Self.mostDevices)
    let text = table.header + (0..<count).map(table.row).joined()
    try DurableFile.write(text.utf8, to: file)
  }
}
