// A list's key is required unless it has a `default`, and a list has at least one element. If
// `none` is given, that word stands for the default.
extension ConfigurationSection {
  package func strings(
    _ key: String, default: [String]? = nil, example: String? = nil
  ) -> [String] {
    list(key, .text(example: example ?? "text", allowingEmpty: false), default: `default`)
  }

  package func integers(
    _ key: String, in range: ClosedRange<Int> = .any, default: [Int]? = nil, example: Int? = nil
  ) -> [Int] {
    list(key, .integer(in: range, example: example), default: `default`)
  }

  package func numbers(
    _ key: String, in range: ClosedRange<Double> = .finite, default: [Double]? = nil,
    example: Double? = nil
  ) -> [Double] {
    list(key, .number(in: range, example: example), default: `default`)
  }

  /// Numbers with units. Zero is valid unless the type or the caller excludes it.
  package func quantities<Q: Quantity>(
    _ key: String, _ type: Q.Type = Q.self, allowingZero: Bool = true
  ) -> [Q] {
    list(key, .quantity(allowingZero: allowingZero), default: nil)
  }

  package func choices<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self, default: [Choice]? = nil,
    none: String? = nil
  ) -> [Choice] {
    list(key, .choice(placeholder: nil), default: `default`, none: none)
  }

  private func list<Value>(
    _ key: String, _ kind: ScalarKind<Value>, default: [Value]?, none: String? = nil
  ) -> [Value] {
    let placeholder = `default` ?? [kind.placeholder]
    note(key, kind, isList: true, none: none)
    note(key) { known in
      known.standards = `default`.map { ["[\($0.map(kind.spell).joined(separator: ", "))]"] } ?? []
    }
    if let found = find(key), says(none, found) { return placeholder }
    guard let elements = elements(key, isRequired: `default` == nil, example: kind.example) else {
      return placeholder
    }
    return elements.map { read($0, as: kind) ?? kind.placeholder }
  }

  /// The elements of the list at the key, which is never empty, or nil if there is no list.
  ///
  /// Records an error if a required key is missing or the value is not a list.
  func elements(_ key: String, isRequired: Bool, example: String) -> [Found]? {
    guard let found = find(key) else {
      if isRequired {
        recordMissing(key, suggestion: "write, for example, \"\(key): [\(example)]\"")
      }
      return nil
    }
    let write = "write, for example, [\(example)]"
    if found.node.isMissing {
      record("the value is missing; \(write)", at: found.location, path: found.path)
    } else if case .list(let nodes) = found.node.content {
      if !nodes.isEmpty {
        return nodes.enumerated().map { index, node in
          Found(node: node, path: "\(found.path)[\(index)]", keyLocation: node.location)
        }
      }
      record("the list is empty; \(write)", at: found.location, path: found.path)
    } else {
      record(
        "expected a list, found \(found.node.words); \(write)",
        at: found.location, path: found.path)
    }
    return nil
  }
}
