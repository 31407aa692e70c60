extension ScalarKind where Value: Quantity {
  /// A quantity of at least zero, or above zero.
  static func quantity(allowingZero: Bool) -> Self {
    Self(
      expectation: allowingZero ? Value.noun : "\(Value.noun) above zero",
      example: Value.example, placeholder: Value.ofExample,
      form: .quantity(units: Value.units.map(\.key), allowsZero: allowingZero),
      spell: String.init(describing:)
    ) { scalar in
      read(scalar.text, allowingZero: allowingZero)
    }
  }

  private static func read(_ text: String, allowingZero: Bool) -> Outcome {
    guard let (number, rest) = decimalPrefix(of: text) else { return .refused() }
    guard !hasLeadingZero(text) else { return .refused(suggestion: removeLeadingZero) }
    let unit = rest.drop(while: \.isWhitespace)
    guard let factor = Value.units.first(where: { $0.key == unit })?.value else {
      return .refused(suggestion: unitSuggestion(for: String(unit)))
    }
    let magnitude = number * factor
    guard magnitude >= 0 else { return .refused() }
    guard magnitude > 0 || allowingZero else {
      return number > 0 ? .refused(suggestion: tooSmall) : .refused()
    }
    guard magnitude.isFinite, let value = Value(magnitude: magnitude) else {
      return magnitude >= 1 ? .refused(suggestion: tooLarge) : .refused()
    }
    return .value(value)
  }

  private static func unitSuggestion(for unit: String) -> String {
    let units = Value.units.map(\.key)
    let list = units.enumeratedInWords(conjunction: "and")
    let write = "write, for example, \(Value.example)"
    if unit.isEmpty { return "it needs a unit (\(list)); \(write)" }
    if let meant = Spelling.suggestion(for: unit, among: units) {
      return "its units are \(list); did you mean \(meant.quotedForMessage)?"
    }
    return "its units are \(list); \(write)"
  }

  private static var tooLarge: String {
    "that is larger than can be simulated; write, for example, \(Value.example)"
  }

  private static var tooSmall: String {
    "that is too small to distinguish from zero; write, for example, \(Value.example)"
  }
}

extension ScalarKind where Value: Quantity & Comparable & CustomStringConvertible {
  /// A quantity within bounds. Error messages print the bounds as the type does.
  static func quantity(in range: ClosedRange<Value>) -> Self {
    let any = quantity(allowingZero: true)
    return Self(
      expectation: "\(Value.noun) from \(range.lowerBound) to \(range.upperBound)",
      example: range.contains(any.placeholder) ? any.example : "\(range.lowerBound)",
      placeholder: range.contains(any.placeholder) ? any.placeholder : range.lowerBound,
      form: any.form, spell: any.spell
    ) { scalar in
      switch any.read(scalar) {
      case .value(let value): range.contains(value) ? .value(value) : .refused()
      case .refused(let suggestion): .refused(suggestion: suggestion)
      }
    }
  }
}

extension Quantity {
  /// Parses a quantity above zero from text such as `15 Mbps`, as a configuration file writes it;
  /// nil if the text is invalid.
  package init?(text: String) {
    guard let (number, rest) = decimalPrefix(of: text), number > 0,
      let factor = Self.units.first(where: { $0.key == rest.drop(while: \.isWhitespace) })?.value,
      (number * factor).isFinite, number * factor > 0
    else { return nil }
    self.init(magnitude: number * factor)
  }

  /// The value of `example`, the placeholder for a value that could not be read.
  fileprivate static var ofExample: Self {
    guard let value = Self(text: example) else {
      preconditionFailure("\(Self.self).example, \(example), is not one of its values")
    }
    return value
  }
}
