extension ScalarKind where Value == Int {
  static func integer(in range: ClosedRange<Int>, example: Int?) -> Self {
    let example = example ?? range.clamping(1)
    return Self(
      expectation: range.words("a whole number"), example: "\(example)",
      placeholder: range.clamping(example), form: .integer(range), spell: \.description
    ) { scalar in
      let text = scalar.text
      guard let digits = wholeDigits(of: text) else {
        return .refused(suggestion: numberSuggestion(for: text))
      }
      guard !scalar.isQuoted else { return .refused(suggestion: removeQuotes) }
      guard !hasLeadingZero(digits) else { return .refused(suggestion: removeLeadingZero) }
      guard let value = Int(text) else {
        return .refused(suggestion: "that does not fit in 64 bits; write, for example, \(example)")
      }
      return range.contains(value) ? .value(value) : .refused()
    }
  }
}

extension ScalarKind where Value == Double {
  static func number(in range: ClosedRange<Double>, example: Double?) -> Self {
    let example = example ?? range.exampleInside
    return Self(
      expectation: range.words("a number"), example: example.plain,
      placeholder: range.clamping(example), form: .number(range), spell: \.plain
    ) { scalar in
      guard let (value, rest) = decimalPrefix(of: scalar.text), rest.isEmpty else {
        return .refused(suggestion: numberSuggestion(for: scalar.text))
      }
      guard !scalar.isQuoted else { return .refused(suggestion: removeQuotes) }
      guard !hasLeadingZero(scalar.text) else { return .refused(suggestion: removeLeadingZero) }
      guard value.isFinite else {
        return .refused(suggestion: "that is too large; write, for example, \(example.plain)")
      }
      return range.contains(value) ? .value(value) : .refused()
    }
  }
}

/// The digits of a whole number without its sign; nil for other text.
private func wholeDigits(of text: String) -> Substring? {
  let digits = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text[...]
  return digits.isEmpty || !digits.utf8.allSatisfy(\.isDigit) ? nil : digits
}

let removeLeadingZero = "write it without the leading zero"

/// Whether a number starts with a zero before another digit, which other YAML readers parse as
/// octal.
func hasLeadingZero(_ text: some StringProtocol) -> Bool {
  let digits = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
  return digits.first == UInt8(ascii: "0") && digits.dropFirst().first?.isDigit == true
}

/// The decimal number at the start of the text (infinite on overflow) and the rest of the text.
///
/// Hexadecimal, `inf`, `nan` and digits grouped with `_` are not accepted.
func decimalPrefix(of text: String) -> (value: Double, rest: Substring)? {
  var rest = text.utf8[...]
  rest.skipSign()
  let hasWholePart = rest.skipDigits()
  var hasFraction = false
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    hasFraction = rest.skipDigits()
  }
  guard hasWholePart || hasFraction else { return nil }
  if let first = rest.first, [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(first) {
    var exponent = rest.dropFirst()
    exponent.skipSign()
    if exponent.skipDigits() { rest = exponent }
  }
  return Double(text[..<rest.startIndex]).map { ($0, text[rest.startIndex...]) }
}

extension Substring.UTF8View {
  fileprivate mutating func skipSign() {
    if let first, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(first) { removeFirst() }
  }

  /// Skips digits and returns whether there were any.
  fileprivate mutating func skipDigits() -> Bool {
    let start = startIndex
    self = drop(while: \.isDigit)
    return startIndex > start
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

/// A suggestion for a number in another language's notation.
private func numberSuggestion(for text: String) -> String? {
  let withoutGroups = text.filter { $0 != "_" }
  if withoutGroups != text, let (_, rest) = decimalPrefix(of: withoutGroups), rest.isEmpty {
    return "write \(withoutGroups)"
  }
  let withPoint = String(text.map { $0 == "," ? "." : $0 })
  if withPoint != text, let (_, rest) = decimalPrefix(of: withPoint), rest.isEmpty {
    return "use a decimal point, and no thousands separators"
  }
  return nil
}

extension ClosedRange {
  fileprivate func clamping(_ value: Bound) -> Bound {
    Swift.min(Swift.max(value, lowerBound), upperBound)
  }
}

extension ClosedRange where Bound == Double {
  fileprivate var exampleInside: Double {
    [1, 0.5, 0].first(where: contains) ?? (lowerBound.magnitude < 1e300 ? lowerBound : upperBound)
  }
}
