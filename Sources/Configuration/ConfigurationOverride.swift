/// A command-line value that overrides the file: `--set server.rounds=3`.
struct ConfigurationOverride {
  private enum Step {
    /// `.name`: a key of a section; in a list, an index or the `name:` of an element.
    case key(String)

    /// `[1]`: a list element by its 0-based index.
    case index(Int)
  }

  private let location: ConfigurationLocation
  private let steps: [Step]
  private let value: ConfigurationNode

  /// Parses `key.path=value`, where the value is YAML.
  init(_ argument: String) throws(ConfigurationFault) {
    location = .option("--set \(argument.onOneLine(limit: 120))")
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw ConfigurationFault(
        location: location, keyPath: "",
        message: "expected a key path and a value; write, for example, server.rounds=3")
    }
    steps = try Self.steps(in: argument[..<equals], location)
    var reader = YAMLReader(source: .option(location))
    let value = reader.read(String(argument[argument.index(after: equals)...]))
    if let fault = reader.faults.first { throw fault }
    self.value =
      value
      ?? ConfigurationNode(
        content: .scalar(ConfigurationScalar(text: "", isQuoted: false)), location: location)
  }

  /// - Parameter location: the location of the path.
  init(
    path: String, value: ConfigurationNode, location: ConfigurationLocation
  ) throws(ConfigurationFault) {
    self.location = location
    self.value = value
    steps = try Self.steps(in: path[...], location)
  }

  /// Sets the value. Creates sections of the path that the file does not have.
  func apply(to root: inout ConfigurationNode) throws(ConfigurationFault) {
    try apply(steps[...], to: &root, path: "")
  }

  private func apply(
    _ steps: ArraySlice<Step>, to node: inout ConfigurationNode, path: String
  ) throws(ConfigurationFault) {
    guard let step = steps.first else {
      node = value
      return
    }
    if node.isMissing { node = emptySection }
    switch (node.content, step) {
    case (.section(var entries), .key(let key)):
      try apply(steps, key, to: &entries, path: path)
      node.content = .section(entries)
    case (.list(var elements), _):
      let index = try index(step, in: elements, path: path)
      try apply(steps.dropFirst(), to: &elements[index], path: "\(path)[\(index)]")
      node.content = .list(elements)
    case (.section, .index(let index)):
      throw fault(path, "this is a section of keys; name a key in place of [\(index)]")
    case (.scalar, _):
      throw fault(
        path, "this is the value \(node.words) and has no keys; set the whole value")
    }
  }

  private func apply(
    _ steps: ArraySlice<Step>, _ key: String, to entries: inout [ConfigurationNode.Entry],
    path: String
  ) throws(ConfigurationFault) {
    let path = ConfigurationSection.path(of: key, in: path)
    if let index = entries.firstIndex(where: { $0.key == key }) {
      try apply(steps.dropFirst(), to: &entries[index].value, path: path)
      if steps.count == 1 { entries[index].keyLocation = location }
    } else {
      var entry = ConfigurationNode.Entry(key: key, keyLocation: location, value: emptySection)
      try apply(steps.dropFirst(), to: &entry.value, path: path)
      entries.append(entry)
    }
  }

  private func index(
    _ step: Step, in elements: [ConfigurationNode], path: String
  ) throws(ConfigurationFault) -> Int {
    let names = elements.map(\.name)
    let number: Int
    switch step {
    case .index(let index): number = index
    case .key(let key):
      if let index = names.firstIndex(of: key) { return index }
      guard let index = Int(key) else {
        let named = names.compactMap(\.self)
        let suggestion =
          Spelling.suggestion(for: key, among: named).map { "did you mean \($0.quotedForMessage)?" }
          ?? (named.isEmpty
            ? "give the number of an element, counted from 0"
            : "the names are \(named.enumeratedInWords(conjunction: "and"))")
        throw fault(
          path, "no element of this list is called \(key.quotedForMessage); \(suggestion)")
      }
      number = index
    }
    guard elements.indices.contains(number) else {
      throw fault(
        path,
        elements.isEmpty
          ? "the list is empty; set the whole list"
          : "there is no element \(number); the list has the elements 0 to \(elements.count - 1)")
    }
    return number
  }

  private func fault(_ path: String, _ message: String) -> ConfigurationFault {
    ConfigurationFault(location: location, keyPath: path, message: message)
  }

  private var emptySection: ConfigurationNode {
    ConfigurationNode(content: .section([]), location: location)
  }

  /// The steps of the path `methods[0].rank`.
  private static func steps(
    in path: Substring, _ location: ConfigurationLocation
  ) throws(ConfigurationFault) -> [Step] {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard let match = part.wholeMatch(of: /([^\[\]\s]+)((?:\[[0-9]{1,9}\])*)/) else {
        throw noPath(path, location)
      }
      steps.append(.key(String(match.1)))
      for index in match.2.split(whereSeparator: { $0 == "[" || $0 == "]" }) {
        guard let index = Int(index) else { throw noPath(path, location) }
        steps.append(.index(index))
      }
    }
    guard steps.count <= YAMLReader.depthLimit else { throw noPath(path, location) }
    return steps
  }

  private static func noPath(
    _ path: Substring, _ location: ConfigurationLocation
  ) -> ConfigurationFault {
    ConfigurationFault(
      location: location, keyPath: "",
      message: "\(String(path).quotedForMessage) is not a key path; "
        + "write, for example, server.rounds or methods[0].rank")
  }
}

extension ConfigurationNode {
  /// The name of a list element: the value of its key `name`.
  fileprivate var name: String? {
    guard case .section(let entries) = content,
      case .scalar(let scalar) = entries.first(where: { $0.key == "name" })?.value.content
    else { return nil }
    return scalar.text
  }
}
