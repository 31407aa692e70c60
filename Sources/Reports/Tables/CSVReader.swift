import Foundation

/// Reads a table of RFC 4180 row by row, with no more than a piece of the file in memory.
///
/// The first record is the header, and every other has as many fields. A table of this package's ends at a
/// whole row, so that one whose last line has no end was cut off.
final class CSVReader {
  let file: URL
  /// The names of the columns.
  private(set) var header: [String] = []
  private let handle: FileHandle
  private var chunk: [UInt8] = []
  private var next = 0
  private var columns: [String: Int] = [:]
  /// The line that the next record begins in, from 1.
  private var line = 1

  private static let chunkSize = 1 << 20

  /// Opens a table and reads its header.
  ///
  /// - Parameter required: columns without which the table is not what it should be.
  /// - Throws: `ReportError` where the file cannot be read or lacks a column.
  init(_ file: URL, requiring required: [String]) throws {
    self.file = file
    do {
      handle = try FileHandle(forReadingFrom: file)
    } catch {
      throw ReportError("\(file.path) cannot be read: \(error.localizedDescription)")
    }
    guard let first = try record() else {
      throw ReportError("\(file.path) is empty, without even the names of its columns")
    }
    header = first.texts
    columns = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
    if let missing = required.first(where: { columns[$0] == nil }) {
      throw ReportError(
        "\(file.path), line 1: there is no column \(missing); this is not a table that flora left")
    }
  }

  deinit { try? handle.close() }

  /// The next row; nil at the end of the table.
  ///
  /// - Throws: `ReportError` where it has not as many fields as the header, or is cut off.
  func row() throws -> CSVRow? {
    let start = line
    guard let record = try record() else { return nil }
    guard record.ends.count == header.count else {
      throw ReportError(
        "\(file.path), line \(start): the row has \(record.ends.count) fields, and the header "
          + "\(header.count)")
    }
    return CSVRow(record: record, columns: columns, file: file, line: start)
  }

  // MARK: Records

  private func record() throws -> CSVRecord? {
    guard var byte = try take() else { return nil }
    let start = line
    var record = CSVRecord()
    while true {
      if byte == .quote, record.isAtFieldStart {
        byte = try quotedField(into: &record, from: start)
      }
      switch byte {
      case .comma: record.endField()
      case .lineFeed:
        line += 1
        record.dropCarriageReturn()
        record.endField()
        return record
      default: record.bytes.append(byte)
      }
      guard let following = try take() else { throw cutOff(start) }
      byte = following
    }
  }

  /// Reads what stands between quotes, the opening one of which was taken.
  ///
  /// - Returns: the byte behind the closing quote.
  private func quotedField(into record: inout CSVRecord, from start: Int) throws -> UInt8 {
    while let byte = try take() {
      if byte == .quote {
        guard let following = try take() else { throw cutOff(start) }
        if following != .quote { return following }
      } else if byte == .lineFeed {
        line += 1
      }
      record.bytes.append(byte)
    }
    throw cutOff(start)
  }

  private func cutOff(_ line: Int) -> ReportError {
    ReportError("\(file.path), line \(line): the file ends in the middle of a row")
  }

  private func take() throws -> UInt8? {
    if next == chunk.count {
      do {
        chunk = try handle.read(upToCount: Self.chunkSize).map { [UInt8]($0) } ?? []
      } catch {
        throw ReportError("\(file.path) cannot be read: \(error.localizedDescription)")
      }
      next = 0
      if chunk.isEmpty { return nil }
    }
    defer { next += 1 }
    return chunk[next]
  }
}

/// The fields of a record, one behind the other.
struct CSVRecord {
  var bytes: [UInt8] = []
  /// Where each field ends.
  private(set) var ends: [Int] = []

  init() {
    bytes.reserveCapacity(256)
    ends.reserveCapacity(32)
  }

  var isAtFieldStart: Bool { bytes.count == ends.last ?? 0 }

  mutating func endField() { ends.append(bytes.count) }

  mutating func dropCarriageReturn() {
    if !isAtFieldStart, bytes.last == .carriageReturn { bytes.removeLast() }
  }

  subscript(_ field: Int) -> ArraySlice<UInt8> {
    bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]]
  }

  var texts: [String] { ends.indices.map { String(decoding: self[$0], as: UTF8.self) } }
}

extension UInt8 {
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
