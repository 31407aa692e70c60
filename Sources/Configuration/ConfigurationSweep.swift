/// All combinations of the values that a document lists for some of its keys.
package struct ConfigurationSweep: Sendable {
  /// One combination.
  package struct Point: Sendable {
    /// The value of each key, as YAML on one line.
    package let values: [String]
    /// The document with these values in it.
    package let document: ConfigurationDocument
  }

  /// The key paths, in the order of the file.
  package let keys: [String]
  /// The combinations; the last key's value changes first.
  package let points: [Point]

  /// More combinations than anybody waits for.
  static let limit = 10_000
}

extension ConfigurationDocument {
  /// The combinations that the section at `key` asks for, each a document without it; nil where the
  /// document has no such section.
  ///
  ///     sweep:
  ///       methods.flora.rank: [2, 4, 8]
  ///       seed: [0, 1, 2]
  ///
  /// - Throws: `ConfigurationError` where a key path is none, or its values are no list.
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
          message: "there are more than \(ConfigurationSweep.limit) combinations; sweep over less")
      }
      let points = try (0..<count).map { number throws(ConfigurationFault) in
        try point(number, of: axes, in: rest)
      }
      return ConfigurationSweep(keys: axes.map(\.path), points: points)
    } catch {
      throw ConfigurationError(file: name, faults: faults + [error])
    }
  }

  private typealias Axis = (
    path: String, location: ConfigurationLocation, values: [ConfigurationNode]
  )

  private func axes(of entry: ConfigurationNode.Entry) throws(ConfigurationFault) -> [Axis] {
    guard case .section(let keys) = entry.value.content, !keys.isEmpty else {
      throw ConfigurationFault(
        location: entry.keyLocation, keyPath: entry.key,
        message:
          "expected keys with lists of values; write for example \"seed: [0, 1, 2]\" below it")
    }
    var axes: [Axis] = []
    for axis in keys {
      guard case .list(let values) = axis.value.content, !values.isEmpty else {
        throw ConfigurationFault(
          location: axis.keyLocation, keyPath: "\(entry.key).\(axis.key)",
          message:
            "expected a list of values, found \(axis.value.words); write for example [0, 1, 2]")
      }
      axes.append((axis.key, axis.keyLocation, values))
    }
    return axes
  }

  private func point(
    _ number: Int, of axes: [Axis], in rest: ConfigurationNode
  ) throws(ConfigurationFault) -> ConfigurationSweep.Point {
    var (left, root) = (number, rest)
    var texts: [String] = []
    for axis in axes.reversed() {
      let value = axis.values[left % axis.values.count]
      left /= axis.values.count
      texts.append(value.text)
      try ConfigurationOverride(path: axis.path, value: value, location: axis.location)
        .apply(to: &root)
    }
    return ConfigurationSweep.Point(
      values: texts.reversed(),
      document: ConfigurationDocument(name: name, root: root, faults: faults))
  }
}
