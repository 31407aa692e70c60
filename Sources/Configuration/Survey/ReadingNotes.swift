/// What a reader asked of one document: every key, and what it would have taken there.
final class ReadingNotes {
  private(set) var keys: [ConfigurationKey] = []
  private var places: [String: Int] = [:]

  /// The word by which each section that has kinds says which it is; nil where it says none.
  private(set) var kinds: [String: (key: String, word: String?, words: [String])] = [:]

  /// Sections of which the reader asked for keys.
  private(set) var sections: Set<String> = []

  /// Keys of which their absence was a fault.
  private(set) var missing: Set<String> = []

  /// Keys that the document has.
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

  /// The path with `[]` for the numbers of elements.
  static func general(_ path: String) -> String {
    path.replacing(/\[[0-9]+\]/, with: "[]")
  }
}
