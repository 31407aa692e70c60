import Configuration

/// The reference documentation of the scenario file's keys.
public struct ScenarioReference: Sendable {
  private let keys: [ScenarioKey]

  public init(keys: [ScenarioKey]) { self.keys = keys }

  /// The keys that match a path, with or without indices or names of elements, or a suffix of a
  /// path.
  public func keys(called name: String) -> [ScenarioKey] {
    let name = name.replacing(/\[[^\]]*\]/, with: "").lowercased()
    let exact = keys.filter { $0.plainPath == name }
    if !exact.isEmpty { return exact }
    let ends = keys.filter { $0.plainPath.hasSuffix(".\(name)") }
    if !ends.isEmpty { return ends }
    // `methods.flora.rank`: the component after a list may be an element's name.
    let parts = name.split(separator: ".").map(String.init)
    return keys.filter { $0.path.contains("[]") && $0.matches(parts) }
  }

  /// A suggestion for an unknown key.
  public func suggestion(for name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let candidates = keys.map(\.plainPath)
    let meant =
      Spelling.suggestion(for: name, among: candidates)
      ?? Spelling.suggestion(for: last, among: Set(keys.map(\.key.name)).sorted())
    return meant.map { "did you mean \"\($0)\"?" } ?? "flora explain lists them all"
  }

  /// The documentation of a key on several lines.
  public func explanation(_ key: ScenarioKey) -> String {
    var lines = [key.path, "  \(key.meaning)", "  value:    \(key.expectation)"]
    lines.append("  default:  \(key.standard ?? "none (required)")")
    if let condition = key.condition { lines.append("  only for: \(condition)") }
    if let source = key.source { lines.append("  source:   \(source)") }
    let below = keys.filter { $0.key.section.replacing("[]", with: "") == key.plainPath }
    if !below.isEmpty {
      lines.append("  keys:     \(below.map(\.key.name).joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// One line per key: its path and the accepted values.
  public var list: String {
    let width = keys.map(\.path.count).max() ?? 0
    return keys.map { key in
      key.path + String(repeating: " ", count: width + 2 - key.path.count)
        + key.expectation
    }.joined(separator: "\n")
  }

  /// The full reference with a table for each section.
  public var markdown: String {
    var parts = [
      """
      # The keys of a scenario

      `flora explain --markdown` generates this page from the scenario reader. `[]` stands for any element of
      a list. A quantity that can be drawn for each device takes a value, or `lognormal`, `uniform` or `quantiles` below it.
      """
    ]
    for (section, keys) in sections {
      parts.append(
        (section.isEmpty ? "## The file" : "## `\(section)`") + "\n\n"
          + "| key | meaning | value | default |\n|---|---|---|---|\n"
          + keys.map(\.markdownRow).joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  /// The keys by section, without the subkeys of distributions, which are all alike.
  private var sections: [(String, [ScenarioKey])] {
    let drawn = Set(keys.filter { $0.key.name == "lognormal" }.map(\.key.section))
    let told = keys.filter { key in
      !drawn.contains { key.path.hasPrefix("\($0).") }
    }
    var order: [String] = []
    for key in told where !order.contains(key.key.section) { order.append(key.key.section) }
    return order.map { section in (section, told.filter { $0.key.section == section }) }
  }
}

extension ScenarioKey {
  /// The path without list brackets.
  fileprivate var plainPath: String { path.replacing("[]", with: "") }

  /// Whether the path has these components, with or without a name or index after each list.
  fileprivate func matches(_ words: [String]) -> Bool {
    var rest = words[...]
    for part in path.split(separator: ".") {
      guard let word = rest.popFirst(), word == part.replacing("[]", with: "") else { return false }
      if part.hasSuffix("[]") { rest = rest.dropFirst() }
    }
    return rest.isEmpty
  }

  fileprivate var markdownRow: String {
    let only = condition.map { " Only for \($0)." } ?? ""
    let origin = source.map { " (Source: \($0).)" } ?? ""
    return "| "
      + [
        "`\(key.name)`", meaning + only + origin, expectation, standard ?? "required",
      ].map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }
}
