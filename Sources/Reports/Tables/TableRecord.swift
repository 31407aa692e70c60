import Foundation

/// A decoded row of one of a run's tables.
protocol TableRecord {
  /// The columns that every version of the table has.
  static var requiredColumns: [String] { get }

  /// - Throws: `ReportError` if a field has an invalid value.
  init(_ row: CSVRow) throws
}

extension TableRecord {
  /// Calls `body` with each row of a table, in order.
  ///
  /// Memory does not grow with the table.
  static func forEach(in file: URL, _ body: (Self, CSVRow) throws -> Void) throws {
    let reader = try CSVReader(file, requiring: requiredColumns)
    while let row = try reader.row() { try body(Self(row), row) }
  }

  /// All rows of a table; nil if the file does not exist.
  static func readAll(from file: URL) throws -> [Self]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var records: [Self] = []
    try forEach(in: file) { record, _ in records.append(record) }
    return records
  }
}
