/// The state of reading a document: its errors, and the keys that were requested.
///
/// All sections of a document share one instance. It supports a single reader at a time.
final class ConfigurationReading {
  private(set) var faults: [ConfigurationFault] = []
  private var recorded: Set<ConfigurationFault> = []

  private var sections: [(path: String, entries: [ConfigurationNode.Entry])] = []
  private var knownKeys: [String: [String]] = [:]
  private var unsettledPaths: Set<String> = []

  /// Records what the reader requests; nil if nothing needs it.
  let notes: ReadingNotes?

  init(faults: [ConfigurationFault], notes: ReadingNotes? = nil) {
    self.notes = notes
    faults.forEach(record)
  }

  /// Adds an error. Duplicates from several readers of the same value are dropped.
  func record(_ fault: ConfigurationFault) {
    if recorded.insert(fault).inserted { faults.append(fault) }
  }

  /// Registers a section that is read, so that its keys are checked at the end.
  func open(_ path: String, entries: [ConfigurationNode.Entry]) {
    guard knownKeys[path] == nil else { return }
    notes?.open(path, entries: entries.map(\.key))
    knownKeys[path] = []
    sections.append((path, entries))
  }

  func markKnown(_ key: String, in path: String) {
    guard knownKeys[path]?.contains(key) == false else { return }
    knownKeys[path]?.append(key)
    notes?.note(ConfigurationSection.path(of: key, in: path))
  }

  /// Marks the section's kind as invalid, so that its keys are not checked.
  func markUnsettled(_ path: String) { unsettledPaths.insert(path) }

  func isUnsettled(_ path: String) -> Bool { unsettledPaths.contains(path) }

  /// Records an error for each key that was not requested.
  func recordUnknownKeys() {
    for section in sections where !isUnsettled(section.path) {
      let known = knownKeys[section.path] ?? []
      for entry in section.entries where !known.contains(entry.key) {
        record(
          ConfigurationFault(
            location: entry.keyLocation,
            keyPath: ConfigurationSection.path(of: entry.key, in: section.path),
            message: "there is no such key; \(Self.suggestion(for: entry.key, known: known))"))
      }
    }
  }

  private static func suggestion(for key: String, known: [String]) -> String {
    if let meant = Spelling.suggestion(for: key, among: known) {
      return "did you mean \(meant.quotedForMessage)?"
    }
    return known.isEmpty
      ? "remove it; this section takes no keys"
      : "the keys here are \(known.enumeratedInWords(conjunction: "and"))"
  }
}
