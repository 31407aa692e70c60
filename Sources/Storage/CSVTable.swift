import Foundation

/// Why a table cannot be read, as a sentence that names the file and line.
public struct TableFault: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}

/// A user's CSV file with a header and columns in any order.
///
/// `NA`, as written by R, is an empty field. A first column without a name, which R's `write.csv`
/// creates for row names, is ignored.
package struct CSVTable {
  package let file: URL
  /// The column names, without the column of row names.
  package let columns: [String]
  private var records: CommaSeparatedValues
  private let hasRowNames: Bool

  /// Opens a table and reads its header.
  ///
  /// - Parameters:
  ///   - kind: the contents of the file, for error messages: `sessions`.
  ///   - required: the columns that it must have.
  ///   - optional: further columns that it may have.
  ///   - allowingOthers: whether it may have unknown columns, which the caller ignores.
  /// - Throws: `TableFault` if the file cannot be read, or has other columns.
  package init(
    _ file: URL, of kind: String, required: [String], optional: [String] = [],
    allowingOthers: Bool = false
  ) throws(TableFault) {
    guard let data = try? Data(contentsOf: file) else {
      throw TableFault("the \(kind) \(file.path) cannot be read; check the path")
    }
    guard String(validating: data, as: UTF8.self) != nil else {
      throw TableFault("\(file.path) is not UTF-8 text; save it as UTF-8")
    }
    self.file = file
    records = CommaSeparatedValues([UInt8](data))
    guard let header = records.next()?.fields else {
      throw TableFault(
        "\(file.path) is empty; its first line is \(required.joined(separator: ","))")
    }
    hasRowNames = header.count > 1 && header[0].isEmpty
    columns = hasRowNames ? Array(header.dropFirst()) : header
    let known = required + optional
    if let column = required.first(where: { !columns.contains($0) }) {
      throw TableFault(
        "\(file.path) has no column \(column); its first line must name the columns \(required.joined(separator: ","))"
      )
    }
    if !allowingOthers, let column = columns.first(where: { !known.contains($0) }) {
      throw TableFault(
        "\(file.path) has a column \"\(column.prefix(60))\", which is unknown; the columns are \(known.joined(separator: ", "))"
      )
    }
    if let column = columns.first(where: { name in columns.count { $0 == name } > 1 }) {
      throw TableFault("\(file.path) has the column \(column) twice; remove one")
    }
  }

  /// The index of a column; nil if there is none.
  package func place(of column: String) -> Int? { columns.firstIndex(of: column) }

  /// A row's fields in the order of `columns`; `NA` becomes empty.
  package struct Row {
    package let line: Int
    package let fields: [String]
  }

  /// The next row; nil at the end.
  ///
  /// - Throws: `TableFault` if its number of fields differs from the header's.
  package mutating func next() throws(TableFault) -> Row? {
    guard let record = records.next() else { return nil }
    var fields = record.fields
    guard fields.count == columns.count + (hasRowNames ? 1 : 0) else {
      throw fault(
        at: record.line,
        "the row has \(fields.count) fields, and the header \(columns.count + (hasRowNames ? 1 : 0))"
      )
    }
    if hasRowNames { fields.removeFirst() }
    for index in fields.indices where fields[index] == "NA" { fields[index] = "" }
    return Row(line: record.line, fields: fields)
  }

  package func fault(at line: Int, _ sentence: String) -> TableFault {
    TableFault("\(file.path):\(line): \(sentence)")
  }
}
