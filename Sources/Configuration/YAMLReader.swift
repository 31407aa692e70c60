import Yams

/// Converts YAML text to a tree and records an error for each unsupported construct.
struct YAMLReader {
  enum Source {
    case file(String)

    /// Attributes every error to the option, whatever its line.
    case option(ConfigurationLocation)
  }

  /// The maximum nesting depth of lists and sections.
  static let depthLimit = 32

  private let source: Source
  private(set) var faults: [ConfigurationFault] = []

  /// The original names of duplicate keys that were renamed, by position.
  private var renamedKeys: [TextPosition: String] = [:]

  init(source: Source) {
    self.source = source
  }

  /// The root section of a file, or nil after recording an error.
  mutating func readSection(_ text: String) -> ConfigurationNode? {
    let root = read(text)
    if let root, case .section = root.content { return root }
    guard faults.isEmpty else { return nil }
    if let root, !root.isMissing {
      record(
        "expected a section of keys, found \(root.words); "
          + "write, for example, \"name: my-scenario\" and further keys below it",
        at: root.location)
    } else {
      record(
        "the file is empty; write, for example, \"name: my-scenario\" and further keys below it",
        at: wholeText)
    }
    return nil
  }

  /// The value of the text, or nil if it is empty or after recording an error.
  mutating func read(_ text: String) -> ConfigurationNode? {
    guard hasNoControlCharacters(text), hasNoAnchors(text) else { return nil }
    return compose(text) { reader, root in
      reader.node(from: root, path: "", depth: 0)
    }
  }

  mutating func record(_ message: String, at location: ConfigurationLocation, path: String = "") {
    faults.append(ConfigurationFault(location: location, keyPath: path, message: message))
  }

  private var wholeText: ConfigurationLocation {
    switch source {
    case .file(let name): .file(name)
    case .option(let location): location
    }
  }

  /// Words for the line of the first duplicate; empty for an option, which has no lines.
  private func inLine(of position: TextPosition) -> String {
    if case .file = source { " (first in line \(position.line))" } else { "" }
  }

  func location(_ position: TextPosition) -> ConfigurationLocation {
    switch source {
    case .file(let name): .position(file: name, line: position.line, column: position.column)
    case .option(let location): location
    }
  }
}

// MARK: - From text to Yams

extension YAMLReader {
  /// Parses the text and passes its root to `use` while the parser, which owns the anchors, is
  /// alive.
  ///
  /// Yams rejects a text with duplicate keys. To find further errors, the first occurrence is
  /// renamed in place and the text is parsed again.
  private mutating func compose<Result>(
    _ text: String, _ use: (inout YAMLReader, Node) -> Result?
  ) -> Result? {
    var text = text
    renamedKeys = [:]
    while true {
      do {
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        let root = try parser.singleRoot()
        return withExtendedLifetime(parser) { root.flatMap { use(&self, $0) } }
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let position = TextPosition(context.mark)
        guard let renamed = text.renamingKey(at: position, serial: renamedKeys.count) else {
          record(
            "the same key appears more than once in one section; remove all but one "
              + "(\(keys.map { $0.onOneLine(limit: 60) }.enumeratedInWords(conjunction: "and")))",
            at: location(position))
          return nil
        }
        renamedKeys[position] = keys.min()
        text = renamed
      } catch {
        record(SyntaxFault(error))
        return nil
      }
    }
  }

  private mutating func record(_ fault: SyntaxFault) {
    record(fault.message, at: fault.position.map { location($0) } ?? wholeText)
  }

  /// Rejects anchors, and thereby aliases, before an alias bomb could expand.
  ///
  /// The text is parsed with each `*` replaced by `_`, so that an alias is plain text and costs
  /// nothing.
  private mutating func hasNoAnchors(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return true }
    let withoutAliases = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? "_" : $0 }))
    var reader = YAMLReader(source: source)
    _ = reader.compose(withoutAliases) { reader, root -> Void? in
      reader.recordAnchors(in: root)
    }
    faults += reader.faults
    return faults.isEmpty
  }

  private mutating func recordAnchors(in node: Node) {
    if let anchor = node.anchor {
      record(
        "the anchor &\(anchor.rawValue.onOneLine(limit: 60)) is not accepted; "
          + "repeat the value wherever it is needed, or put text that begins with & in quotes",
        at: location(of: node))
    }
    for (key, value) in node.mapping ?? [:] {
      recordAnchors(in: key)
      recordAnchors(in: value)
    }
    for element in node.sequence ?? [] { recordAnchors(in: element) }
  }

  private mutating func hasNoControlCharacters(_ text: String) -> Bool {
    guard let position = text.firstPosition(where: { !$0.isAllowedInYAML }) else { return true }
    record("there is an invisible control character here; remove it", at: location(position))
    return false
  }
}

// MARK: - From Yams to nodes

extension YAMLReader {
  private mutating func node(from node: Node, path: String, depth: Int) -> ConfigurationNode? {
    let location = location(of: node)
    guard depth <= Self.depthLimit else {
      record("lists and sections are nested too deeply; use fewer levels", at: location, path: path)
      return nil
    }
    guard Self.acceptedTags.contains(node.tag.rawValue) else {
      record(
        "the tag \(node.tag.rawValue.onOneLine(limit: 60)) is not accepted; remove it",
        at: location, path: path)
      return nil
    }
    switch node {
    case .scalar(let scalar):
      let value = ConfigurationScalar(text: scalar.string, isQuoted: scalar.style != .plain)
      return ConfigurationNode(content: .scalar(value), location: location)
    case .sequence(let sequence):
      let elements = sequence.enumerated().compactMap { index, element in
        self.node(from: element, path: "\(path)[\(index)]", depth: depth + 1)
      }
      return ConfigurationNode(content: .list(elements), location: location)
    case .mapping(let mapping):
      return section(from: mapping, at: location, path: path, depth: depth)
    case .alias:
      preconditionFailure("Yams resolves aliases, and a text without anchors has none")
    }
  }

  private mutating func section(
    from mapping: Node.Mapping, at location: ConfigurationLocation, path: String, depth: Int
  ) -> ConfigurationNode? {
    var entries: [ConfigurationNode.Entry] = []
    var firstPositions: [String: TextPosition] = [:]
    for (keyNode, valueNode) in mapping {
      guard let (key, position) = key(from: keyNode, path: path) else { continue }
      let keyPath = ConfigurationSection.path(of: key, in: path)
      if let first = firstPositions[key] {
        record(
          "the key appears more than once\(inLine(of: first)); remove all but one",
          at: self.location(position), path: keyPath)
        continue
      }
      firstPositions[key] = position
      guard let value = node(from: valueNode, path: keyPath, depth: depth + 1) else { continue }
      entries.append(
        ConfigurationNode.Entry(key: key, keyLocation: self.location(position), value: value))
    }
    return ConfigurationNode(content: .section(entries), location: location)
  }

  private mutating func key(from node: Node, path: String) -> (String, TextPosition)? {
    let position = TextPosition(node.mark)
    guard let scalar = node.scalar, Self.acceptedTags.contains(node.tag.rawValue) else {
      record(
        "a key must be plain text; write, for example, \"rounds: 20\"",
        at: location(position), path: path)
      return nil
    }
    return (renamedKeys[position] ?? scalar.string, position)
  }

  private func location(of node: Node) -> ConfigurationLocation {
    location(TextPosition(node.mark))
  }

  /// The tags that YAML assigns implicitly.
  private static let acceptedTags: Set<String> = [
    "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map",
  ]
}

extension TextPosition {
  fileprivate init(_ mark: Mark?) {
    self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}
