/// A kind of single value: how to read it, and how to report values that do not match.
struct ScalarKind<Value> {
  enum Outcome {
    case value(Value)

    /// The text is not valid. A nil suggestion stands for "write, for example, …".
    case refused(suggestion: String? = nil)
  }

  /// The expected kind with its article: `a whole number of at least 1`.
  var expectation: String

  /// An example in the file's notation for error messages.
  var example: String

  /// A valid placeholder for a value that could not be read.
  var placeholder: Value

  /// The machine-readable description of the kind.
  var form: ScalarForm

  /// Formats a value in the file's notation.
  var spell: (Value) -> String

  var read: (ConfigurationScalar) -> Outcome

  /// The error message for a value that does not match this kind.
  func refusal(of node: ConfigurationNode, suggestion: String?, or word: String? = nil) -> String {
    let alternative = word.map { " or the word \($0.quotedForMessage)" } ?? ""
    return "expected \(expectation)\(alternative), found \(node.words); "
      + (suggestion ?? "write, for example, \(example)")
  }
}

extension ScalarKind where Value == Bool {
  static func boolean(example: Bool) -> Self {
    Self(
      expectation: "true or false", example: "\(example)", placeholder: example, form: .boolean,
      spell: \.description
    ) { scalar in
      guard !scalar.isQuoted else { return .refused(suggestion: removeQuotes) }
      return switch scalar.text {
      case "true": .value(true)
      case "false": .value(false)
      case let text where ["yes", "on", "true"].contains(text.lowercased()):
        .refused(suggestion: "write true")
      case let text where ["no", "off", "false"].contains(text.lowercased()):
        .refused(suggestion: "write false")
      default: .refused()
      }
    }
  }
}

extension ScalarKind where Value == String {
  static func text(example: String, allowingEmpty: Bool) -> Self {
    Self(
      expectation: "text", example: example, placeholder: example, form: .text, spell: \.self
    ) { scalar in
      scalar.text.isEmpty && !allowingEmpty
        ? .refused(suggestion: "write, for example, \(example)") : .value(scalar.text)
    }
  }
}

extension ScalarKind where Value: CaseIterable & RawRepresentable<String> {
  static func choice(placeholder: Value?) -> Self {
    let words = Value.allCases.map(\.rawValue)
    guard let placeholder = placeholder ?? Value.allCases.first else {
      preconditionFailure("\(Value.self) has no cases to choose from")
    }
    return Self(
      expectation: words.count == 1
        ? words[0].quotedForMessage : "one of \(words.enumeratedInWords(conjunction: "and"))",
      example: placeholder.rawValue, placeholder: placeholder, form: .choice(words),
      spell: \.rawValue
    ) { scalar in
      if let value = Value(rawValue: scalar.text) { return .value(value) }
      return .refused(
        suggestion: Spelling.suggestion(for: scalar.text, among: words)
          .map { "did you mean \($0.quotedForMessage)?" } ?? "write one of them")
    }
  }
}

/// The suggestion for a number or a boolean that was written as text.
let removeQuotes = "remove the quotation marks"
