import Foundation

/// Comma-separated values as specified by RFC 4180, and as written by spreadsheets and R.
///
/// A quoted field may contain commas, line breaks and doubled quotes. Lines end with LF or CRLF;
/// empty ones are skipped. A byte order mark, which Excel writes first, is not part of the first
/// field.
package struct CommaSeparatedValues: Sequence, IteratorProtocol {
  /// The fields of a line, or of several if a quoted field contains line breaks.
  package struct Record: Equatable, Sendable {
    /// The number of its first line, starting at 1.
    package let line: Int
    package let fields: [String]
    /// Whether the text ends before the quote of the last field is closed.
    package let isUnclosed: Bool
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var isUnclosed = false

  /// - Parameter bytes: text in UTF-8.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: Self.mark) { position = Self.mark.count }
  }

  package init(_ text: String) { self.init(Array(text.utf8)) }

  /// U+FEFF in UTF-8.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The fields of all records.
  package static func records(in text: String) -> [[String]] { Self(text).map(\.fields) }

  package mutating func next() -> Record? {
    while position < bytes.count {
      let start = line
      let fields = nextFields()
      if let fields { return Record(line: start, fields: fields, isUnclosed: isUnclosed) }
    }
    return nil
  }

  /// The fields up to the end of a line; nil if it is empty.
  private mutating func nextFields() -> [String]? {
    var fields: [String] = []
    while true {
      let (field, isQuoted, isLast) = nextField()
      if isLast, fields.isEmpty, field.isEmpty, !isQuoted { return nil }
      fields.append(field)
      if isLast { return fields }
    }
  }

  /// Reads a field and consumes its delimiter.
  private mutating func nextField() -> (text: String, isQuoted: Bool, isLast: Bool) {
    // Fast path: nearly all fields are unquoted.
    let start = position
    var end = start
    while end < bytes.count, !Self.isMark(bytes[end]) { end += 1 }
    if end == bytes.count || bytes[end] == .comma || bytes[end] == .lineFeed {
      position = end
      return (String(decoding: bytes[start..<end], as: UTF8.self), false, endField())
    }
    return fieldByByte()
  }

  private mutating func fieldByByte() -> (text: String, isQuoted: Bool, isLast: Bool) {
    var field: [UInt8] = []
    var (isQuoted, wasQuoted) = (false, false)
    while position < bytes.count {
      let byte = bytes[position]
      let following = position + 1 < bytes.count ? bytes[position + 1] : nil
      if isQuoted {
        if byte == .quote, following == .quote {
          field.append(byte)
          position += 1
        } else if byte == .quote {
          isQuoted = false
        } else {
          if byte == .lineFeed { line += 1 }
          field.append(byte)
        }
      } else if byte == .quote, field.isEmpty {
        (isQuoted, wasQuoted) = (true, true)
      } else if byte == .comma || byte == .lineFeed {
        break
      } else if byte != .carriageReturn || following != nil && following != .lineFeed {
        field.append(byte)
      }
      position += 1
    }
    isUnclosed = isQuoted
    return (String(decoding: field, as: UTF8.self), wasQuoted, endField())
  }

  /// Consumes a comma or the end of a line.
  ///
  /// - Returns: whether the record ends.
  private mutating func endField() -> Bool {
    guard position < bytes.count else { return true }
    position += 1
    guard bytes[position - 1] == .lineFeed else { return false }
    line += 1
    return true
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == .comma || byte == .lineFeed || byte == .quote || byte == .carriageReturn
  }
}

extension UInt8 {
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
