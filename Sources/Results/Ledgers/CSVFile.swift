import Foundation
import Scenario
import Storage

/// A table that grows by whole rows: readers never see a partial row, even if the writer is killed.
package final class CSVFile {
  let file: URL
  private let handle: FileHandle
  private let columns: Int
  /// The number of bytes so far.
  private(set) var length: Int

  /// Creates a new table with its header.
  ///
  /// - Throws: if the file cannot be written.
  convenience init(_ file: URL, header: [String]) throws {
    let text = Array(Self.line(header).utf8)
    try DurableFile.write(text, to: file)
    try self.init(file, columns: header.count, length: text.count)
  }

  /// Opens an existing table to continue after `length` bytes; `cut` removes what follows.
  ///
  /// - Throws: `ExperimentError` if it is shorter; otherwise if it cannot be written.
  init(_ file: URL, columns: Int, length: Int) throws {
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw ExperimentError(
        "\(file.relativePath), which the run had begun, is missing; run without --resume to start over"
      )
    }
    handle = try FileHandle(forUpdating: file)
    guard try handle.seekToEnd() >= UInt64(length) else {
      throw ExperimentError(
        "\(file.relativePath) has lost rows since its checkpoint was written; run without --resume to start over"
      )
    }
    self.file = file
    self.columns = columns
    self.length = length
  }

  /// Truncates the file to the length.
  func cut() throws {
    try handle.truncate(atOffset: UInt64(length))
  }

  /// Appends rows, all or none.
  ///
  /// - Throws: `ResultsFault` if the file was removed or cannot be written; then no row was added.
  func append(_ rows: [[String]]) throws {
    precondition(rows.allSatisfy { $0.count == columns }, "a field for each column")
    guard !rows.isEmpty else { return }
    try checkIsThere()
    let text = Data(rows.map(Self.line).joined().utf8)
    do { try handle.write(contentsOf: text) } catch {
      try? cut()
      throw FileFault(file, error).map(ResultsFault.unwritable) ?? error
    }
    length += text.count
  }

  /// - Throws: `ResultsFault` if the file was removed or replaced by another.
  func checkIsThere() throws(ResultsFault) {
    guard FileIdentity(handle.fileDescriptor) == FileIdentity(file.path) else {
      throw ResultsFault.gone(file)
    }
  }

  var descriptor: Int32 { handle.fileDescriptor }

  func close() throws { try handle.close() }

  /// The fields as an RFC 4180 line that ends with a line feed.
  package static func line(_ fields: [String]) -> String {
    var line = ""
    for (index, field) in fields.enumerated() {
      if index > 0 { line += "," }
      line += needsQuotes(field) ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
    return line + "\n"
  }

  private static func needsQuotes(_ field: String) -> Bool {
    field.utf8.contains {
      switch $0 {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
      default: false
      }
    }
  }

  /// The fields of a line without line feeds in quotes.
  package static func fields(of line: some StringProtocol) -> [String] {
    var fields = [""]
    var isQuoted = false
    var previous: Character?
    for character in line {
      switch character {
      case "\"":
        // Two quotes in a row stand for one.
        if !isQuoted, previous == "\"" { fields[fields.count - 1].append(character) }
        isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
      previous = character
    }
    return fields
  }
}
