/// A record of what a reader requested of one document: every key, and the values it accepts.
final class ReadingNotes {
  private(set) var keys: [ConfigurationKey] = []
  private var places: [String: Int] = [:]

  /// For each section with kinds, the value that selects its kind; nil if there is none.
  private(set) var kinds: [String: (key: String, word: String?, words: [String])] = [:]

  /// The sections from which the reader requested keys.
  private(set) var sections: Set<String> = []

  /// Keys whose absence was an error.
  private(set) var missing: Set<String> = []

  /// Keys that are present in the document.
  private(set) var written: Set<String> = []

  func open(_ section: String, entries: [String]) {
    let path = Self.general(section)
    sections.insert(path)
    for key in entries { written.insert(ConfigurationSection.path(of: key, in: path)) }
  }

  func note(_ path: String, _ change: (inout ConfigurationKey) -> Void = { _ in }) {
    let path = Self.general(path)
    let place =
      places[path]
      ?? {
        keys.append(ConfigurationKey(path: path))
        places[path] = keys.count - 1
        return keys.count - 1
      }()
    change(&keys[place])
  }

  func noteMissing(_ path: String) { missing.insert(Self.general(path)) }

  func noteKind(of section: String, key: String, word: String?, words: [String]) {
    kinds[Self.general(section)] = (key, word, words)
  }

  /// The path with `[]` in place of list indices.
  static func general(_ path: String) -> String {
    path.replacing(/\[[0-9]+\]/, with: "[]")
  }
}
