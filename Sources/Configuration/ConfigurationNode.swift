/// A value of a configuration file as written, before it is interpreted.
struct ConfigurationNode: Sendable {
  enum Content: Sendable {
    case scalar(ConfigurationScalar)
    case list([ConfigurationNode])
    case section([Entry])
  }

  /// A key and its value. The keys of a section are unique and in file order.
  struct Entry: Sendable {
    var key: String
    var keyLocation: ConfigurationLocation
    var value: ConfigurationNode
  }

  var content: Content
  var location: ConfigurationLocation

  /// Whether the key has no value (`rounds:`) or YAML's null.
  var isMissing: Bool {
    if case .scalar(let scalar) = content { scalar.isNull } else { false }
  }

  /// The value in the words of an error message.
  var words: String {
    switch content {
    case .scalar(let scalar): scalar.words
    case .list: "a list"
    case .section: "a section of keys"
    }
  }
}

extension ConfigurationNode {
  /// The value as single-line YAML.
  var text: String {
    switch content {
    case .scalar(let scalar): scalar.text
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .section(let entries):
      "{" + entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}
