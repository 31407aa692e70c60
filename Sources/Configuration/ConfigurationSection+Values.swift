// Each accessor has two forms. The first requires the key unless it has a `default`; the second,
// `optional…`, returns nil if the key is omitted or its value is the word `none`, such as
// `deadline: none`. Error messages suggest `example`.
extension ConfigurationSection {
  /// Text, which may look like a number. Empty text is an error unless allowed.
  package func string(
    _ key: String, default: String? = nil, example: String? = nil, allowingEmpty: Bool = false
  ) -> String {
    let kind = ScalarKind.text(
      example: example ?? `default` ?? "my-\(key)", allowingEmpty: allowingEmpty)
    return value(key, kind, default: `default`)
  }

  package func optionalString(
    _ key: String, none: String? = nil, example: String? = nil
  ) -> String? {
    optionalValue(key, .text(example: example ?? "my-\(key)", allowingEmpty: false), none: none)
  }

  /// `true` or `false`; no other spellings.
  package func boolean(_ key: String, default: Bool? = nil) -> Bool {
    value(key, .boolean(example: `default` ?? true), default: `default`)
  }

  package func optionalBoolean(_ key: String, none: String? = nil) -> Bool? {
    optionalValue(key, .boolean(example: true), none: none)
  }

  /// A whole number in decimal notation.
  package func integer(
    _ key: String, in range: ClosedRange<Int> = .any, default: Int? = nil, example: Int? = nil
  ) -> Int {
    value(key, .integer(in: range, example: example ?? `default`), default: `default`)
  }

  package func optionalInteger(
    _ key: String, in range: ClosedRange<Int> = .any, none: String? = nil, example: Int? = nil
  ) -> Int? {
    optionalValue(key, .integer(in: range, example: example), none: none)
  }

  /// A whole number, or the name of a CSV file, which ends in `.csv`.
  package func integerOrTable(
    _ key: String, in range: ClosedRange<Int> = .any, default: Int? = nil, example: Int,
    tableExample: String
  ) -> IntegerOrTable {
    note(key, .integer(in: range, example: example), standard: `default`)
    var table = ScalarKind.text(example: tableExample, allowingEmpty: false)
    table.expectation = "the name of a CSV file"
    note(key, table)
    note(key) { $0.furtherExamples = [tableExample] }
    if let found = find(key), case .scalar(let scalar) = found.node.content,
      scalar.text.lowercased().hasSuffix(".csv")
    {
      return .table(scalar.text)
    }
    return .integer(integer(key, in: range, default: `default`, example: example))
  }

  /// A finite number in decimal notation, with or without an exponent.
  package func number(
    _ key: String, in range: ClosedRange<Double> = .finite, default: Double? = nil,
    example: Double? = nil
  ) -> Double {
    value(key, .number(in: range, example: example ?? `default`), default: `default`)
  }

  package func optionalNumber(
    _ key: String, in range: ClosedRange<Double> = .finite, none: String? = nil,
    example: Double? = nil
  ) -> Double? {
    optionalValue(key, .number(in: range, example: example), none: none)
  }

  /// A number with a unit, such as `15 Mbps`. Zero is an error unless allowed.
  package func quantity<Q: Quantity>(
    _ key: String, _ type: Q.Type = Q.self, allowingZero: Bool = false, default: Q? = nil
  ) -> Q {
    value(key, .quantity(allowingZero: allowingZero), default: `default`)
  }

  package func optionalQuantity<Q: Quantity>(
    _ key: String, _ type: Q.Type = Q.self, allowingZero: Bool = false, none: String? = nil
  ) -> Q? {
    optionalValue(key, .quantity(allowingZero: allowingZero), none: none)
  }

  /// A number with a unit within bounds. Error messages print the bounds as the type does.
  package func quantity<Q: Quantity & Comparable & CustomStringConvertible>(
    _ key: String, _ type: Q.Type = Q.self, in range: ClosedRange<Q>, default: Q? = nil
  ) -> Q {
    value(key, .quantity(in: range), default: `default`)
  }

  package func optionalQuantity<Q: Quantity & Comparable & CustomStringConvertible>(
    _ key: String, _ type: Q.Type = Q.self, in range: ClosedRange<Q>, none: String? = nil
  ) -> Q? {
    optionalValue(key, .quantity(in: range), none: none)
  }

  /// One of the cases of an enumeration.
  package func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self, default: Choice? = nil
  ) -> Choice {
    value(key, .choice(placeholder: `default`), default: `default`)
  }

  package func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self, none: String? = nil
  ) -> Choice? {
    optionalValue(key, .choice(placeholder: nil), none: none)
  }

  /// The choice that decides which other keys the section has, such as `kind: dirichlet`.
  ///
  /// If it is invalid, no errors are reported for the section's other keys, missing or unknown.
  package func kind<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self, default: Choice? = nil
  ) -> Choice {
    let kind = ScalarKind<Choice>.choice(placeholder: `default`)
    let value = optionalValue(key, kind, none: nil)
    note(key) { $0.standards = `default`.map { [$0.rawValue] } ?? [] }
    reading.notes?.noteKind(
      of: path, key: key, word: (value ?? (has(key) ? nil : `default`))?.rawValue,
      words: Choice.allCases.map(\.rawValue))
    if let value { return value }
    let isFault = has(key) || `default` == nil
    if !has(key), isFault { recordMissing(key, suggestion: Self.suggestion(key, kind)) }
    if isFault { reading.markUnsettled(path) }
    return kind.placeholder
  }
}

/// A whole number, or a CSV file that is read instead.
package enum IntegerOrTable: Equatable, Sendable {
  case integer(Int)
  case table(String)
}

extension ConfigurationSection {
  func value<Value>(_ key: String, _ kind: ScalarKind<Value>, default: Value?) -> Value {
    note(key, kind, standard: `default`)
    guard let found = find(key) else {
      if `default` == nil { recordMissing(key, suggestion: Self.suggestion(key, kind)) }
      return `default` ?? kind.placeholder
    }
    return read(found, as: kind) ?? kind.placeholder
  }

  func optionalValue<Value>(_ key: String, _ kind: ScalarKind<Value>, none: String?) -> Value? {
    note(key, kind, none: none)
    guard let found = find(key) else { return nil }
    if let none, case .scalar(let scalar) = found.node.content, scalar.text == none { return nil }
    return read(found, as: kind, or: none)
  }

  func note<Value>(
    _ key: String, _ kind: ScalarKind<Value>, isList: Bool = false, standard: Value? = nil,
    none: String? = nil
  ) {
    note(key) { known in
      known.add(.value(kind.form, isList: isList), expectation: kind.expectation)
      known.example = isList ? "[\(kind.example)]" : kind.example
      known.none = known.none ?? none
      if let standard = standard.map(kind.spell) ?? none { known.standards = [standard] }
    }
  }

  /// The value, or nil after recording an error.
  func read<Value>(_ found: Found, as kind: ScalarKind<Value>, or word: String? = nil) -> Value? {
    guard !found.node.isMissing else {
      record(
        "the value is missing; write, for example, \(kind.example)",
        at: found.location, path: found.path)
      return nil
    }
    var suggestion: String?
    if case .scalar(let scalar) = found.node.content {
      switch kind.read(scalar) {
      case .value(let value): return value
      case .refused(let own): suggestion = own
      }
    }
    record(
      kind.refusal(of: found.node, suggestion: suggestion, or: word), at: found.location,
      path: found.path)
    return nil
  }

  private static func suggestion<Value>(_ key: String, _ kind: ScalarKind<Value>) -> String {
    "write, for example, \"\(key): \(kind.example)\""
  }
}
