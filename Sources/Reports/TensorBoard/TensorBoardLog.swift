import Foundation

/// A run's rounds as event files, with one log directory per method: `tensorboard/<method>/` in the
/// run's folder.
///
/// The files depend only on rounds.csv and manifest.json, and their times are virtual: the same
/// tables produce the same bytes. A file for more rounds starts with the bytes of the file for
/// fewer, so TensorBoard can follow a run: the rest is appended to a file that is such a prefix;
/// any other file is replaced.
package enum TensorBoardLog {
  /// TensorBoard reads every file whose name contains `tfevents` as an event file.
  package static let fileName = "events.out.tfevents.0.flora"

  /// Writes the event files of a run, or of each run of a sweep.
  ///
  /// - Returns: the log directories of the runs, for `tensorboard --logdir`.
  /// - Throws: `ReportError` if a table is missing or damaged; a file system error if a file cannot
  ///   be written.
  @discardableResult package static func write(in folder: URL) throws -> [URL] {
    try ResultsFolderCheck.check(folder)
    guard SweepResults.isSweep(folder) else { return [try writeRun(folder)] }
    return try SweepResults.runFolders(folder).map(writeRun)
  }

  private static func writeRun(_ folder: URL) throws -> URL {
    let directory = folder.appending(path: "tensorboard", directoryHint: .isDirectory)
    for (method, file) in try files(folder) {
      let place = directory.appending(path: method, directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try put(file.bytes, at: place.appending(path: fileName))
    }
    return directory
  }

  /// Appends the missing bytes to a file, or replaces it atomically.
  private static func put(_ bytes: [UInt8], at file: URL) throws {
    let known = (try? Data(contentsOf: file)) ?? Data()
    guard !known.isEmpty, bytes.starts(with: known) else {
      return try Data(bytes).write(to: file, options: .atomic)
    }
    guard known.count < bytes.count else { return }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: bytes[known.count...])
  }

  // MARK: Content

  /// Columns that are not scalars.
  private static let names: Set = ["method", "seed", "round"]
  /// The measures that are also plotted against bytes and virtual time.
  private static let outcomes: Set = ["test_accuracy", "test_loss", "train_loss"]

  /// The event files of a run's methods, in the run's order.
  static func files(_ folder: URL) throws -> [(method: String, file: EventFile)] {
    var methods: [String] = []
    var files: [String: EventFile] = [:]
    var ends: [String: Double] = [:]
    let reader = try CSVReader(
      folder.appending(path: "rounds.csv"), requiring: RoundRow.requiredColumns)
    let columns = reader.header.filter { !names.contains($0) }
    while let row = try reader.row() {
      let method = row.text("method")
      if files[method] == nil {
        try checkIsFolderName(method, row)
        methods.append(method)
        files[method] = EventFile()
      }
      let nanoseconds = try row.nanoseconds("virtual_time_s")
      ends[method] = Double(nanoseconds) / 1e9
      try append(row, columns, nanoseconds, to: &files[method]!)
    }
    if let manifest = try RunManifest(in: folder) {
      for method in methods {
        files[method]!.append(
          .init(time: ends[method]!, step: 0), hyperparameters: hyperparameters(manifest, method))
      }
    }
    return methods.map { ($0, files[$0]!) }
  }

  private static func checkIsFolderName(_ method: String, _ row: CSVRow) throws {
    if method.isEmpty || method.hasPrefix(".") || method.contains("/") || method.contains("\0") {
      throw row.fault("the method \"\(method)\" cannot be the name of a folder")
    }
  }

  private static func append(
    _ row: CSVRow, _ columns: [String], _ nanoseconds: Int64, to file: inout EventFile
  ) throws {
    let scalars = try columns.compactMap { column -> (column: String, value: Float)? in
      let text = row.text(column)
      guard !text.isEmpty else { return nil }
      guard let value = Double(text) else {
        throw row.fault("the column \(column) holds \"\(text)\", which is not a number")
      }
      return (column, Float(value))
    }
    let time = Double(nanoseconds) / 1e9
    let outcomes = scalars.filter { Self.outcomes.contains($0.column) }
    let axes = [
      ("by_round", Int64(try row.integer("round")), scalars),
      ("by_bytes", Int64(try row.integer("cumulative_bytes")), outcomes),
      ("by_virtual_time_ms", nanoseconds / 1_000_000, outcomes),
    ]
    for (axis, step, scalars) in axes where !scalars.isEmpty {
      file.append(
        .init(time: time, step: step),
        scalars: scalars.map { ("\(axis)/\($0.column)", $0.value) })
    }
  }

  /// The settings of a method and of the run by dotted keys in snake case, such as `server.cohort`.
  static func hyperparameters(
    _ manifest: RunManifest, _ method: String
  ) -> [(name: String, value: EventFile.Hyperparameter)] {
    guard case .object(let members) = manifest.scenario else { return [] }
    var leaves: [(name: String, value: EventFile.Hyperparameter)] = []
    for member in members {
      if member.key != "methods" {
        leaves += self.leaves(member.value, path: member.key.snakeCase)
      } else if case .list(let methods) = member.value {
        let own = methods.first { $0["name"]?.text == method }
        leaves += own.map { self.leaves($0, path: "method") } ?? []
      }
    }
    return leaves.sorted { $0.name < $1.name }
  }

  /// The values of a tree; lists of scalars become text, lists of objects are omitted.
  private static func leaves(
    _ value: JSONValue, path: String
  ) -> [(name: String, value: EventFile.Hyperparameter)] {
    switch value {
    case .object(let members):
      members.flatMap { leaves($0.value, path: "\(path).\($0.key.snakeCase)") }
    case .list(let values):
      values.allSatisfy { $0.plainText != nil } && !values.isEmpty
        ? [(path, .text(values.compactMap(\.plainText).joined(separator: ", ")))] : []
    case .null: []
    case .boolean(let flag): [(path, .flag(flag))]
    case .integer(let number): [(path, .number(Double(number)))]
    case .number(let number): [(path, .number(number))]
    case .text(let text): [(path, .text(text))]
    }
  }
}

extension JSONValue {
  /// A scalar in JSON notation, without quotes; nil for null, lists and objects.
  fileprivate var plainText: String? {
    switch self {
    case .boolean(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .null, .list, .object: nil
    }
  }
}
