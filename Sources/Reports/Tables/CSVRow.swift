import Foundation

/// A row of a table, with its fields by column name.
struct CSVRow {
  let record: CSVRecord
  let columns: [String: Int]
  let file: URL
  /// The 1-based line at which it begins.
  let line: Int

  /// The raw field; empty if the table has no such column.
  func text(_ column: String) -> String {
    columns[column].map { String(decoding: record[$0], as: UTF8.self) } ?? ""
  }

  /// A whole number; nil if the field is empty or the table has no such column.
  func optionalInteger(_ column: String) throws -> Int? {
    guard let field = field(column) else { return nil }
    guard let value = Int(String(decoding: field, as: UTF8.self)) else {
      throw fault(column, "a whole number")
    }
    return value
  }

  /// A finite number; nil if the field is empty, NaN or infinite, as for the loss of a diverged
  /// run, or the table has no such column.
  func optionalNumber(_ column: String) throws -> Double? {
    guard let field = field(column) else { return nil }
    guard let value = Double(String(decoding: field, as: UTF8.self)) else {
      throw fault(column, "a number")
    }
    return value.isFinite ? value : nil
  }

  /// The exact nanoseconds of a time in decimal seconds; nil if the field is empty.
  func optionalNanoseconds(_ column: String) throws -> Int64? {
    guard let field = field(column) else { return nil }
    guard let value = Self.nanoseconds(field) else { throw fault(column, "a time in seconds") }
    return value
  }

  func integer(_ column: String) throws -> Int {
    try given(optionalInteger(column), column)
  }

  func number(_ column: String) throws -> Double { try given(optionalNumber(column), column) }

  func nanoseconds(_ column: String) throws -> Int64 {
    try given(optionalNanoseconds(column), column)
  }

  /// An error in this row.
  func fault(_ sentence: String) -> ReportError {
    ReportError("\(file.path), line \(line): \(sentence)")
  }

  private func given<Value>(_ value: Value?, _ column: String) throws -> Value {
    guard let value else { throw fault("the column \(column) is empty") }
    return value
  }

  private func fault(_ column: String, _ expected: String) -> ReportError {
    fault("the column \(column) holds \"\(text(column))\", which is not \(expected)")
  }

  private func field(_ column: String) -> ArraySlice<UInt8>? {
    guard let place = columns[column] else { return nil }
    let field = record[place]
    return field.isEmpty ? nil : field
  }

  private static func nanoseconds(_ field: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    var decimals: Int?
    for byte in field {
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), decimals ?? 0 < 9 else {
        return nil
      }
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooMuch) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      guard !isTooLarge, !isTooMuch else { return nil }
      value = sum
      decimals = decimals.map { $0 + 1 }
    }
    for _ in (decimals ?? 0)..<9 {
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      guard !isTooLarge else { return nil }
      value = tens
    }
    return field.isEmpty ? nil : value
  }
}
