extension ReportSection {
  /// The scenario as the run decoded it.
  static func scenario(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "scenario", title: "The resolved scenario")
    guard let manifest = results.manifest, case .object(let members) = manifest.scenario else {
      section.omissions = [
        "The scenario is unknown: there is no manifest.json, which a run writes when it finishes."
      ]
      return section
    }
    section.paragraphs = [
      "Every setting with its value, including defaults, from manifest.json. Amounts without a unit are bytes, bits or operations per second, nanoseconds and watts."
    ]
    let rows = members.flatMap { ScenarioLines.namedLines($0.value, path: $0.key.snakeCase) }
    section.tables = [
      (
        "The settings of the run.",
        DataTable(
          columns: [.init("key", isNumber: false), .init("value", isNumber: false)],
          rows: rows.map { [.init($0.path), .init($0.text)] })
      )
    ]
    return section
  }
}

/// The values of a JSON tree, each with its path.
enum ScenarioLines {
  struct Line: Equatable {
    let path: String
    let text: String
  }

  /// A list of scalars is one line; empty objects and lists have their own lines.
  static func lines(_ value: JSONValue, path: String) -> [Line] {
    switch value {
    case .object(let members) where !members.isEmpty:
      return members.flatMap { lines($0.value, path: join(path, $0.key)) }
    case .list(let values) where !values.isEmpty:
      let plain = values.compactMap(text)
      if plain.count == values.count {
        return [Line(path: path, text: plain.joined(separator: ", "))]
      }
      return values.enumerated().flatMap { lines($1, path: "\(path)[\($0)]") }
    case .object: return [Line(path: path, text: "with its defaults")]
    case .list: return [Line(path: path, text: "none")]
    default: return [Line(path: path, text: text(value) ?? "")]
    }
  }

  /// The same with the scenario's spelling of keys, and with objects of a list by name, as in
  /// `--set`: `methods.flora.rank`.
  static func namedLines(_ value: JSONValue, path: String) -> [Line] {
    switch value {
    case .object(let members) where !members.isEmpty:
      return members.flatMap { namedLines($0.value, path: join(path, $0.key.snakeCase)) }
    case .list(let values) where values.contains { $0["name"] != nil }:
      return values.enumerated().flatMap { index, value in
        namedLines(value, path: "\(path).\(value["name"]?.text ?? "\(index)")")
      }
    default: return lines(value, path: path)
    }
  }

  /// Omits the `_0` with which Codable encodes the payload of an enumeration's case.
  private static func join(_ path: String, _ key: String) -> String {
    key == "_0" ? path : "\(path).\(key)"
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .null: "none"
    case .boolean(let flag): flag ? "yes" : "no"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .list, .object: nil
    }
  }
}
