/// A value of a configuration file as it was written, before anything is known of its meaning.
struct ConfigurationNode: Sendable {
  enum Content: Sendable {
    case scalar(ConfigurationScalar)
    case list([ConfigurationNode])
    case section([Entry])
  }

  /// A key with its value. The keys of a section are distinct and keep the order of the file.
  struct Entry: Sendable {
    var key: String
    var keyLocation: ConfigurationLocation
    var value: ConfigurationNode
  }

  var content: Content
  var location: ConfigurationLocation

  /// Whether a key was written with nothing behind it (`rounds:`), or with YAML's null.
  var isMissing: Bool {
    if case .scalar(let scalar) = content { scalar.isNull } else { false }
  }

  /// What a message says was found here.
  var words: String {
    switch content {
    case .scalar(let scalar): scalar.words
    case .list: "a list"
    case .section: "a section of keys"
    }
  }
}

extension ConfigurationNode {
  /// The value as YAML on one line.
  var text: String {
    switch content {
    case .scalar(let scalar): scalar.text
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .section(let entries):
      "{" + entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}
