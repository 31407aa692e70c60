extension ConfigurationSection {
  /// The section at the key.
  ///
  /// If an optional key is omitted, this is an empty section, in which every key has its default.
  package func section(_ key: String, isRequired: Bool = true) -> ConfigurationSection {
    note(key) { $0.add(.section(shorthand: nil)) }
    guard let found = find(key) else {
      guard isRequired else { return emptySection(key) }
      recordMissing(key, suggestion: "write \"\(key):\" and its keys below it")
      return placeholder(at: path(of: key), location: location)
    }
    return section(found)
  }

  /// The section at the key. A plain value is shorthand for a section with that value at `name`:
  /// `fleet: phones-2025` is `fleet: { profile: phones-2025 }`.
  package func section(
    _ key: String, naming name: String, isRequired: Bool = true
  ) -> ConfigurationSection {
    note(key) { $0.add(.section(shorthand: name)) }
    guard shape(of: key) == .scalar, let found = find(key) else {
      return section(key, isRequired: isRequired)
    }
    let entry = ConfigurationNode.Entry(
      key: name, keyLocation: found.keyLocation, value: found.node)
    return ConfigurationSection(
      path: found.path, location: found.keyLocation, entries: [entry], reading: reading)
  }

  /// The section at the key, or nil if the key is omitted or its value is the word `none`.
  package func optionalSection(_ key: String, none: String? = nil) -> ConfigurationSection? {
    note(key) { known in
      known.add(.section(shorthand: nil))
      known.none = none
      known.standards = none.map { [$0] } ?? []
    }
    guard let found = find(key), !says(none, found) else { return nil }
    return section(found, or: none)
  }

  /// The section at the key, or nil if its value is `word`, such as `training: none`.
  ///
  /// If the key is omitted, this is an empty section, in which every key has its default.
  package func section(_ key: String, unless word: String) -> ConfigurationSection? {
    note(key) { known in
      known.add(.section(shorthand: nil))
      known.none = word
    }
    guard let found = find(key) else { return emptySection(key) }
    return says(word, found) ? nil : section(found, or: word)
  }

  /// The sections of the list at the key: at least one if the key is required or present.
  package func sections(_ key: String, isRequired: Bool = true) -> [ConfigurationSection] {
    note(key) { $0.add(.sections) }
    guard let elements = elements(key, isRequired: isRequired, example: "{ … }") else {
      return isRequired || has(key)
        ? [placeholder(at: "\(path(of: key))[0]", location: location)] : []
    }
    return elements.map { section($0) }
  }

  private func section(_ found: Found, or word: String? = nil) -> ConfigurationSection {
    if case .section(let entries) = found.node.content {
      return ConfigurationSection(
        path: found.path, location: found.keyLocation, entries: entries, reading: reading)
    }
    let alternative = word.map { " or the word \($0.quotedForMessage)" } ?? ""
    record(
      found.node.isMissing
        ? "the value is missing; write the section's keys below it, or {} for an empty section"
        : "expected a section of keys\(alternative), found \(found.node.words); "
          + "write \"key: value\" lines below it",
      at: found.location, path: found.path)
    return placeholder(at: found.path, location: found.location)
  }

  func says(_ word: String?, _ found: Found) -> Bool {
    if case .scalar(let scalar) = found.node.content { scalar.text == word } else { false }
  }

  private func emptySection(_ key: String) -> ConfigurationSection {
    isForgiving
      ? placeholder(at: path(of: key), location: location)
      : ConfigurationSection(
        path: path(of: key), location: location, entries: [], reading: reading)
  }

  private func placeholder(
    at path: String, location: ConfigurationLocation
  ) -> ConfigurationSection {
    ConfigurationSection(placeholderAt: path, location: location, reading: reading)
  }
}
