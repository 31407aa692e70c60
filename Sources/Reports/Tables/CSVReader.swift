import Foundation

/// A streaming reader of RFC 4180 tables, with only a chunk of the file in memory.
///
/// The first record is the header, and all others must have the same number of fields. Tables of
/// this package end at a whole row, so a last line without a line break was truncated.
final class CSVReader {
  let file: URL
  /// The column names.
  private(set) var header: [String] = []
  private let handle: FileHandle
  private var chunk: [UInt8] = []
  private var next = 0
  private var columns: [String: Int] = [:]
  /// The 1-based line at which the next record begins.
  private var line = 1

  private static let chunkSize = 1 << 20

  /// Opens a table and reads its header.
  ///
  /// - Parameter required: the columns that the table must have.
  /// - Throws: `ReportError` if the file cannot be read or a column is missing.
  init(_ file: URL, requiring required: [String]) throws {
    self.file = file
    do {
      handle = try FileHandle(forReadingFrom: file)
    } catch {
      throw ReportError("\(file.path) cannot be read: \(error.localizedDescription)")
    }
    try dropByteOrderMark()
    guard let first = try record() else {
      throw ReportError("\(file.path) is empty: it has no header")
    }
    header = first.texts
    columns = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
    if let missing = required.first(where: { columns[$0] == nil }) {
      throw ReportError(
        "\(file.path), line 1: there is no column \(missing); this is not a table that flora wrote")
    }
  }

  deinit { try? handle.close() }

  /// The next row; nil at the end of the table.
  ///
  /// - Throws: `ReportError` if its number of fields differs from the header's, or it is truncated.
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

  /// Skips U+FEFF, which spreadsheets write first.
  private func dropByteOrderMark() throws {
    guard try fill(), chunk.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
    next = 3
  }

  private func record() throws -> CSVRecord? {
    guard try fill() else { return nil }
    let start = line
    var record = CSVRecord()
    while true {
      let mark = try take(
        upTo: { $0 == .comma || $0 == .lineFeed || $0 == .quote }, into: &record, from: start)
      switch mark {
      case .comma: record.endField()
      case .lineFeed:
        line += 1
        record.dropCarriageReturn()
        record.endField()
        return record
      default:
        if record.isAtFieldStart {
          try takeQuoted(into: &record, from: start)
        } else {
          record.bytes.append(mark)
        }
      }
    }
  }

  /// Reads quoted text after the opening quote, and consumes the closing quote.
  private func takeQuoted(into record: inout CSVRecord, from start: Int) throws {
    while true {
      let mark = try take(upTo: { $0 == .quote || $0 == .lineFeed }, into: &record, from: start)
      if mark == .lineFeed {
        line += 1
        record.bytes.append(mark)
        continue
      }
      guard try fill() else { throw cutOff(start) }
      guard chunk[next] == .quote else { return }
      next += 1
      record.bytes.append(.quote)
    }
  }

  /// Reads bytes up to a delimiter, which is consumed but not part of the record.
  private func take(
    upTo isMark: (UInt8) -> Bool, into record: inout CSVRecord, from start: Int
  ) throws -> UInt8 {
    while try fill() {
      let rest = chunk[next...]
      let end = rest.firstIndex(where: isMark) ?? chunk.count
      record.bytes.append(contentsOf: rest[..<end])
      next = end
      if end < chunk.count {
        next += 1
        return chunk[end]
      }
    }
    throw cutOff(start)
  }

  private func cutOff(_ line: Int) -> ReportError {
    ReportError("\(file.path), line \(line): the file ends in the middle of a row")
  }

  /// Reads the next chunk if the buffer is empty.
  ///
  /// - Returns: false at the end of the file.
  private func fill() throws -> Bool {
    guard next == chunk.count else { return true }
    do {
      chunk = try handle.read(upToCount: Self.chunkSize).map { [UInt8]($0) } ?? []
    } catch {
      throw ReportError("\(file.path) cannot be read: \(error.localizedDescription)")
    }
    next = 0
    return !chunk.isEmpty
  }
}

/// The concatenated fields of a record.
struct CSVRecord {
  var bytes: [UInt8] = []
  /// The end of each field.
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
