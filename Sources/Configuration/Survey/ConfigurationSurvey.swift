/// Finds every key that a reader of configuration files knows, by reading generated documents: for
/// each discovered key, it tries every form of value.
///
/// The result therefore always matches the reader.
package struct ConfigurationSurvey {
  private let read: (ConfigurationSection) -> Void
  private var documents = [ConfigurationNode.survey(.section([]))]
  private var tried: Set<String> = []
  private var paths: [String] = []
  private var findings: [String: Finding] = [:]

  /// The combined observations of one key.
  private struct Finding {
    var key: ConfigurationKey
    /// How often omitting the key was an error, and how often it was not.
    var required = 0
    var optional = 0
    /// The kinds of its section with which the key was requested, and all kinds.
    var kinds: (key: String, found: Set<String>, all: [String])?
  }

  /// The keys in the order in which the reader requests them, each before its subkeys.
  ///
  /// - Parameter read: reads the whole document, starting at its root section.
  package static func keys(of read: @escaping (ConfigurationSection) -> Void) -> [ConfigurationKey]
  {
    var survey = ConfigurationSurvey(read: read)
    var next = 0
    while next < survey.documents.count {
      survey.read(survey.documents[next])
      next += 1
    }
    return survey.keys(in: "")
  }

  private init(read: @escaping (ConfigurationSection) -> Void) { self.read = read }

  private mutating func read(_ document: ConfigurationNode) {
    let notes = ReadingNotes()
    read(
      ConfigurationSection(
        root: document, reading: ConfigurationReading(faults: [], notes: notes)))
    for key in notes.keys {
      merge(key, notes)
      for value in key.alternatives { plan(document, key, value) }
    }
  }

  /// Enqueues the document in which the key has the value, unless it was already tried.
  private mutating func plan(
    _ document: ConfigurationNode, _ key: ConfigurationKey, _ value: ConfigurationNode
  ) {
    let trial = "\(key.path)=\(value.text)"
    var document = document
    let path = key.path.replacing("[]", with: "[0]")
    guard !tried.contains(trial),
      let override = try? ConfigurationOverride(path: path, value: value, location: .survey),
      (try? override.apply(to: &document)) != nil
    else { return }
    tried.insert(trial)
    documents.append(document)
  }

  private mutating func merge(_ key: ConfigurationKey, _ notes: ReadingNotes) {
    if findings[key.path] == nil { paths.append(key.path) }
    var finding = findings[key.path] ?? Finding(key: ConfigurationKey(path: key.path))
    finding.key.merge(key)
    let kind = notes.kinds[key.section]
    if let kind, kind.key != key.name {
      var kinds = finding.kinds ?? (kind.key, [], kind.words)
      if let word = kind.word { kinds.found.insert(word) }
      finding.kinds = kinds
    }
    if notes.missing.contains(key.path) {
      finding.required += 1
    } else if !notes.written.contains(key.path), kind?.word != nil || kind == nil {
      finding.optional += 1
    }
    findings[key.path] = finding
  }

  private func keys(in section: String) -> [ConfigurationKey] {
    paths.filter { findings[$0]?.key.section == section }.flatMap { path -> [ConfigurationKey] in
      guard let finding = findings[path], !finding.key.forms.isEmpty else { return [] }
      var key = finding.key
      key.isRequired = finding.required > 0 && finding.optional == 0
      if let kinds = finding.kinds, kinds.found.count < kinds.all.count {
        key.condition = ConfigurationKey.Condition(
          key: kinds.key, words: kinds.all.filter(kinds.found.contains))
      }
      return [key] + keys(in: key.forms.contains(.sections) ? "\(path)[]" : path)
    }
  }
}

extension ConfigurationKey {
  /// The values to try at the key in order to discover further keys.
  fileprivate var alternatives: [ConfigurationNode] {
    let section = ConfigurationNode.survey(.section([]))
    func scalar(_ text: String) -> ConfigurationNode {
      .survey(.scalar(ConfigurationScalar(text: text, isQuoted: false)))
    }
    var values = hasShapes || forms.isEmpty ? [section, scalar("1")] : []
    for form in forms {
      switch form {
      case .value(.choice(let words), isList: false): values += words.map(scalar)
      case .value(_, isList: false): values += example.map { [scalar($0)] } ?? []
      case .value(_, isList: true): break
      case .section: values.append(section)
      case .sections: values.append(.survey(.list([section])))
      }
    }
    return values + (furtherExamples + [none].compactMap(\.self)).map(scalar)
  }

  /// Merges the observations of another reading of the same key.
  fileprivate mutating func merge(_ other: ConfigurationKey) {
    for form in other.forms { add(form) }
    for expectation in other.expectations where !expectations.contains(expectation) {
      expectations.append(expectation)
    }
    for standard in other.standards where !standards.contains(standard) {
      standards.append(standard)
    }
    example = example ?? other.example
    none = none ?? other.none
    inherited = inherited ?? other.inherited
    hasShapes = hasShapes || other.hasShapes
  }
}

extension ConfigurationNode {
  fileprivate static func survey(_ content: Content) -> ConfigurationNode {
    ConfigurationNode(content: content, location: .survey)
  }
}

extension ConfigurationLocation {
  fileprivate static let survey = ConfigurationLocation.option("survey")
}
