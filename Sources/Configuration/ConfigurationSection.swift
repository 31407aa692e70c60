/// A mapping of keys to values in a configuration document, read by type.
///
/// No accessor throws. One that finds a fault records it and returns a valid value in its place, so
/// that a reader goes on and the document's `read(_:)` reports all faults together. To read a key is
/// to know it: keys that nobody has read by the end of the document are faults.
///
/// A section may stand in for one that could not be read; its accessors then return placeholders
/// and record nothing, because one fault is enough.
package struct ConfigurationSection {
  /// The keys that lead here, such as `fleet.classes[0]`; empty at the top of the document.
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

  /// The section that is the whole of a document.
  init(root: ConfigurationNode, reading: ConfigurationReading) {
    guard case .section(let entries) = root.content else {
      preconditionFailure("the top of a document is a section")
    }
    self.init(path: "", location: root.location, entries: entries, reading: reading)
  }

  /// A section that stands in for one that could not be read.
  init(
    placeholderAt path: String, location: ConfigurationLocation, reading: ConfigurationReading
  ) {
    self.path = path
    self.location = location
    self.reading = reading
    entries = []
    isPlaceholder = true
  }

  /// The same section, in which a key that is left out is looked for in `other`.
  ///
  /// Read only those keys through it that may be inherited, and the section's own keys through the
  /// section itself: then a key of its own that strays into `other` is still found to be unknown.
  package func inheriting(from other: ConfigurationSection) -> ConfigurationSection {
    var copy = self
    copy.fallbacks.append(other)
    return copy
  }

  /// The keys that were written here, in the order of the file.
  package var keys: [String] { entries.map(\.key) }

  /// Whether the key was written, here or in a section that this one inherits from.
  package func has(_ key: String) -> Bool { find(key) != nil }

  /// What is written at the key, for values that may be a single value or a section.
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

  /// How many faults the document has so far: where reading some keys adds none, their values are
  /// those of the file, and can be checked against each other.
  package var faultCount: Int { reading.faults.count }

  /// Records that the value of `key` does not fit with others; a sentence that says so and the suggestion.
  ///
  /// It points at the value, or at the section where the key is left out.
  package func fault(at key: String, _ message: String) {
    let found = find(key)
    record(message, at: found?.location ?? location, path: found?.path ?? path(of: key))
  }

  /// Records a fault of the section as a whole.
  package func fault(_ message: String) {
    record(message, at: location, path: path)
  }
}

extension ConfigurationSection {
  /// A value with the place where it was found.
  struct Found {
    var node: ConfigurationNode
    var path: String

    /// The place of its key, or of the value itself in a list.
    var keyLocation: ConfigurationLocation

    var location: ConfigurationLocation { node.isMissing ? keyLocation : node.location }
  }

  /// The value at the key, which is known from now on, here and wherever it may be inherited from.
  func find(_ key: String) -> Found? {
    if !isPlaceholder { reading.markKnown(key, in: path) }
    let own = entries.first { $0.key == key }
      .map { Found(node: $0.value, path: path(of: key), keyLocation: $0.keyLocation) }
    return fallbacks.reduce(own) { found, fallback in
      let inherited = fallback.find(key)
      return found ?? inherited
    }
  }

  /// Whether a key that is left out is no fault, because the fault lies before it.
  var isForgiving: Bool {
    isPlaceholder || reading.isUnsettled(path) || fallbacks.contains(where: \.isForgiving)
  }

  /// Tells whoever takes notes what may be written at the key.
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
