/// All combinations of the values that a document lists for some of its keys.
package struct ConfigurationSweep: Sendable {
  /// One combination.
  package struct Point: Sendable {
    /// The value of each key as single-line YAML.
    package let values: [String]
    /// The document with these values substituted.
    package let document: ConfigurationDocument
  }

  /// One key and its values.
  fileprivate struct Axis {
    let path: String
    let location: ConfigurationLocation
    let values: [ConfigurationNode]
  }

  /// The number of combinations, at least 1.
  package let count: Int

  private let axes: [Axis]
  /// The document without its sweep section.
  private let rest: ConfigurationDocument

  fileprivate init(_ axes: [Axis], count: Int, of rest: ConfigurationDocument) {
    self.axes = axes
    self.count = count
    self.rest = rest
  }

  /// The key paths in file order.
  package var keys: [String] { axes.map(\.path) }

  /// The combination at index `number`, below `count`. The last key varies fastest.
  ///
  /// - Throws: `ConfigurationError` if a key path does not exist in the document.
  package func point(_ number: Int) throws(ConfigurationError) -> Point {
    var (left, root) = (number, rest.root)
    var texts: [String] = []
    for axis in axes.reversed() {
      let value = axis.values[left % axis.values.count]
      left /= axis.values.count
      texts.append(value.text)
      do throws(ConfigurationFault) {
        try ConfigurationOverride(path: axis.path, value: value, location: axis.location)
          .apply(to: &root)
      } catch {
        throw ConfigurationError(file: rest.name, faults: rest.faults + [error])
      }
    }
    return Point(
      values: texts.reversed(),
      document: ConfigurationDocument(name: rest.name, root: root, faults: rest.faults))
  }

  /// The error for two combinations with the same meaning. It points at the first key whose values
  /// are spelled differently.
  ///
  /// - Parameters:
  ///   - first, second: the indices of the combinations, which differ.
  package func repetition(_ first: Int, _ second: Int) -> ConfigurationError {
    var (first, second) = (first, second)
    var fault: ConfigurationFault?
    for axis in axes.reversed() {
      let count = axis.values.count
      let (value, other) = (axis.values[first % count], axis.values[second % count])
      if first % count != second % count {
        fault = ConfigurationFault(
          location: other.location, keyPath: "sweep.\(axis.path)",
          message: "\(other.text) means the same as \(value.text); give each value once")
      }
      first /= count
      second /= count
    }
    guard let fault else { preconditionFailure("two combinations differ in a value") }
    return ConfigurationError(file: rest.name, faults: rest.faults + [fault])
  }

  /// The maximum number of combinations.
  static let limit = 10_000
}

extension ConfigurationNode {
  /// A canonical text, equal for values with the same meaning: it normalises numbers and sorts
  /// keys.
  fileprivate var canonicalText: String {
    switch content {
    case .scalar(let scalar):
      Int(scalar.text).map(String.init)
        ?? Double(scalar.text).map { Int(exactly: $0).map(String.init) ?? "\($0)" } ?? scalar.text
    case .list(let elements): "[\(elements.map(\.canonicalText).joined(separator: ", "))]"
    case .section(let entries):
      "{\(entries.map { "\($0.key): \($0.value.canonicalText)" }.sorted().joined(separator: ", "))}"
    }
  }
}

extension ConfigurationDocument {
  /// The combinations defined by the section at `key`, each as a document without that section; nil
  /// if the document has no such section.
  ///
  ///     sweep:
  ///       methods.flora.rank: [2, 4, 8]
  ///       seed: [0, 1, 2]
  ///
  /// - Throws: `ConfigurationError` if a key path does not exist or its value is not a list.
  package func sweep(at key: String) throws(ConfigurationError) -> ConfigurationSweep? {
    guard case .section(var entries) = root.content,
      let place = entries.firstIndex(where: { $0.key == key })
    else { return nil }
    let entry = entries.remove(at: place)
    let rest = ConfigurationNode(content: .section(entries), location: root.location)
    do throws(ConfigurationFault) {
      let axes = try axes(of: entry)
      let count = axes.reduce(1) {
        $0.multipliedReportingOverflow(by: $1.values.count).partialValue
      }
      guard axes.allSatisfy({ $0.values.count <= ConfigurationSweep.limit }),
        (1...ConfigurationSweep.limit).contains(count)
      else {
        throw ConfigurationFault(
          location: entry.keyLocation, keyPath: key,
          message:
            "there are more than \(ConfigurationSweep.limit) combinations; sweep over fewer values")
      }
      return ConfigurationSweep(
        axes, count: count, of: ConfigurationDocument(name: name, root: rest, faults: faults))
    } catch {
      throw ConfigurationError(file: name, faults: faults + [error])
    }
  }

  private func axes(of entry: ConfigurationNode.Entry) throws(ConfigurationFault)
    -> [ConfigurationSweep.Axis]
  {
    guard case .section(let keys) = entry.value.content, !keys.isEmpty else {
      throw ConfigurationFault(
        location: entry.keyLocation, keyPath: entry.key,
        message:
          "expected keys with lists of values; write, for example, \"seed: [0, 1, 2]\" below it")
    }
    var axes: [ConfigurationSweep.Axis] = []
    for axis in keys {
      guard case .list(let values) = axis.value.content, !values.isEmpty else {
        let found = if case .list = axis.value.content { "an empty list" } else { axis.value.words }
        throw ConfigurationFault(
          location: axis.keyLocation, keyPath: "\(entry.key).\(axis.key)",
          message: "expected a list of values, found \(found); write, for example, [0, 1, 2]")
      }
      try refuseOverlap(of: axis, with: axes, in: entry.key)
      try refuseRepetition(in: values, of: "\(entry.key).\(axis.key)")
      axes.append(
        ConfigurationSweep.Axis(path: axis.key, location: axis.keyLocation, values: values))
    }
    return axes
  }

  /// Rejects a key together with one inside it: one would overwrite the other's values, while the
  /// labels name both.
  private func refuseOverlap(
    of axis: ConfigurationNode.Entry, with others: [ConfigurationSweep.Axis], in sweep: String
  ) throws(ConfigurationFault) {
    let path = axis.key.split(separator: ".")
    for other in others {
      let otherPath = other.path.split(separator: ".")
      guard path.starts(with: otherPath) || otherPath.starts(with: path) else { continue }
      throw ConfigurationFault(
        location: axis.keyLocation, keyPath: "\(sweep).\(axis.key)",
        message:
          "it overlaps with \(other.path), which is swept too; write all their combinations under one of them"
      )
    }
  }

  /// Rejects repeated values, which would count as independent runs.
  private func refuseRepetition(
    in values: [ConfigurationNode], of path: String
  ) throws(ConfigurationFault) {
    var seen = Set<String>()
    for value in values where !seen.insert(value.canonicalText).inserted {
      throw ConfigurationFault(
        location: value.location, keyPath: path,
        message: "\(value.text) is in the list twice; give each value once")
    }
  }
}
