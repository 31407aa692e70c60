/// Comma-separated values as RFC 4180 describes them.
enum CommaSeparatedValues {
  /// The fields of each record. A quoted field may hold commas, line breaks and doubled quotes; lines
  /// end with LF or CRLF, and empty ones are passed over.
  static func records(in text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    var wasQuoted = false
    func isEmptyLine() -> Bool { record.isEmpty && field.isEmpty && !wasQuoted }
    func endField() {
      record.append(String(field))
      field = .init()
      wasQuoted = false
    }
    func endRecord() {
      guard !isEmptyLine() else { return }
      endField()
      records.append(record)
      record = []
    }
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\"" where isQuoted && next == "\"":
        field.append(scalar)
        next = scalars.next()
      case "\"" where isQuoted || field.isEmpty:
        isQuoted.toggle()
        wasQuoted = true
      case _ where isQuoted: field.append(scalar)
      case ",": endField()
      case "\n": endRecord()
      case "\r" where next == "\n" || next == nil: continue
      default: field.append(scalar)
      }
    }
    endRecord()
    return records
  }
}
