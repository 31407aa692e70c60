import Configuration

/// A key of the scenario file: the values that its reader accepts, and its meaning.
public struct ScenarioKey: Sendable {
  /// The path of the key; `[]` stands for any list element: `fleet.classes[].compute`.
  public let path: String
  /// A description of one or two sentences.
  public let meaning: String
  /// The source of the default or the idea; nil if there is none.
  public let source: String?
  /// The default in words or in the file's notation; nil if the key is required.
  public let standard: String?
  let key: ConfigurationKey

  init(_ key: ConfigurationKey, _ text: ScenarioKeyText) {
    path = key.path
    meaning = text.meaning
    source = text.source
    let own = text.standard ?? (key.standards.count == 1 ? key.standards[0] : nil)
    standard =
      key.inherited.map { "that of \($0)" }
      ?? (key.isRequired && text.standard == nil ? nil : own ?? "none")
    self.key = key
  }

  /// A description of the accepted values with their units:
  /// `a data rate above zero (bps, kbps, Mbps, Gbps)`.
  public var expectation: String {
    var parts: [String] = []
    // A key that takes two kinds of values has an expectation for each.
    var expectations = key.expectations[...]
    func next() -> String {
      expectations.count > 1 ? expectations.removeFirst() : expectations.first ?? ""
    }
    for form in key.forms {
      switch form {
      case .value(.quantity(let units, _), isList: true):
        parts.append("a list, each \(key.expectations[0]) (\(units.joined(separator: ", ")))")
      case .value(_, isList: true): parts.append("a list, each \(key.expectations[0])")
      case .value(.quantity(let units, _), isList: false):
        parts.append("\(next()) (\(units.joined(separator: ", ")))")
      case .value(_, isList: false): parts.append(next())
      case .section(shorthand: nil): parts.append("keys below it")
      case .section(shorthand: let name?): parts.append("keys below it, or only its \(name)")
      case .sections: parts.append("a list, each with keys below it")
      }
    }
    if let none = key.none { parts.append(none) }
    return parts.joined(separator: ", or ")
  }

  /// The kinds of its section for which the key is valid, such as `kind: dirichlet`; nil for all.
  public var condition: String? {
    key.condition.map { "\($0.key): \($0.words.joined(separator: ", "))" }
  }
}
