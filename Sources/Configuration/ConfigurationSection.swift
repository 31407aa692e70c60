/// A typed view of a mapping in a configuration document.
///
/// Accessors do not throw. On an error they record it and return a valid placeholder, so that
/// reading continues and the document's `read(_:)` reports all errors together. Reading a key marks
/// it as known: keys that were never read are errors at the end.
///
/// A section may be a placeholder for one that could not be read. Its accessors return placeholders
/// and record nothing, because one error is enough.
package struct ConfigurationSection {
  /// The path of this section, such as `fleet.classes[0]`; empty at the root.
  package let path: String

  let location: ConfigurationLocation
  let reading: ConfigurationReading
  private let entries: [ConfigurationNode.Entry]
  private let isPlaceholder: Bool
  private var fallbacks: [ConfigurationSection] = []

  init(
    path: String, location: ConfigurationLocation, entries: [ConfigurationNode.Entry],
    reading: ConfigurationReading
  ) {
    self.path = path
    self.location = location
    self.entries = entries
    self.reading = reading
    isPlaceholder = false
    reading.open(path, entries: entries)
  }

  /// The root section of a document.
  init(root: ConfigurationNode, reading: ConfigurationReading) {
    guard case .section(let entries) = root.content else {
      preconditionFailure("the top of a document is a section")
    }
    self.init(path: "", location: root.location, entries: entries, reading: reading)
  }

  /// A placeholder for a section that could not be read.
  init(
    placeholderAt path: String, location: ConfigurationLocation, reading: ConfigurationReading
  ) {
    self.path = path
    self.location = location
    self.reading = reading
    entries = []
    isPlaceholder = true
  }

  /// This section with `other` as the fallback for omitted keys.
  ///
  /// Read only inheritable keys through the result, and the section's own keys through the section
  /// itself. A misplaced own key in `other` is then still reported as unknown.
  package func inheriting(from other: ConfigurationSection) -> ConfigurationSection {
    var copy = self
    copy.fallbacks.append(other)
    return copy
  }

  /// The keys present in this section, in file order.
  package var keys: [String] { entries.map(\.key) }

  /// Whether the key is present in this section or in one that it inherits from.
  package func has(_ key: String) -> Bool { find(key) != nil }

  /// The shape of the value at the key, for keys that take a single value or a section.
  package func shape(of key: String) -> ConfigurationShape {
    note(key) { $0.hasShapes = true }
    guard let found = find(key) else { return .absent }
    if found.node.isMissing { return .missing }
    return switch found.node.content {
    case .scalar: .scalar
    case .list: .list
    case .section: .section
    }
  }

  /// The number of errors so far. If reading some keys adds none, their values are those of the
  /// file and can be checked against each other.
  package var faultCount: Int { reading.faults.count }

  /// Records that the value of `key` conflicts with others. The message states why and how to fix
  /// it.
  ///
  /// The error points at the value, or at the section if the key is omitted.
  package func fault(at key: String, _ message: String) {
    let found = find(key)
    record(message, at: found?.location ?? location, path: found?.path ?? path(of: key))
  }

  /// Records an error of the section as a whole.
  package func fault(_ message: String) {
    record(message, at: location, path: path)
  }
}

extension ConfigurationSection {
  /// A value and its location.
  struct Found {
    var node: ConfigurationNode
    var path: String

    /// The location of the key, or of the value itself in a list.
    var keyLocation: ConfigurationLocation

    var location: ConfigurationLocation { node.isMissing ? keyLocation : node.location }
  }

  /// The value at the key, which is marked as known here and in every section it may be inherited
  /// from.
  func find(_ key: String) -> Found? {
    if !isPlaceholder { reading.markKnown(key, in: path) }
    let own = entries.first { $0.key == key }
      .map { Found(node: $0.value, path: path(of: key), keyLocation: $0.keyLocation) }
    return fallbacks.reduce(own) { found, fallback in
      let inherited = fallback.find(key)
      return found ?? inherited
    }
  }

  /// Whether a missing key is no error, because an error was already recorded for the section.
  var isForgiving: Bool {
    isPlaceholder || reading.isUnsettled(path) || fallbacks.contains(where: \.isForgiving)
  }

  /// Records in the reading's notes what may be written at the key.
  func note(_ key: String, _ change: (inout ConfigurationKey) -> Void) {
    guard let notes = reading.notes, !isPlaceholder else { return }
    notes.note(path(of: key), change)
    for fallback in fallbacks {
      fallback.note(key, change)
      notes.note(path(of: key)) { $0.inherited = fallback.path(of: key) }
    }
  }

  func recordMissing(_ key: String, suggestion: String) {
    guard !isForgiving else { return }
    reading.notes?.noteMissing(path(of: key))
    record("the key is missing; \(suggestion)", at: location, path: path(of: key))
  }

  func record(_ message: String, at location: ConfigurationLocation, path: String) {
    guard !isPlaceholder else { return }
    reading.record(ConfigurationFault(location: location, keyPath: path, message: message))
  }

  func path(of key: String) -> String { Self.path(of: key, in: path) }

  static func path(of key: String, in path: String) -> String {
    let key = key.onOneLine(limit: 60)
    return path.isEmpty ? key : "\(path).\(key)"
  }
}
