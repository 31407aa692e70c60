import Configuration
import Foundation

/// The JSON Schema (draft 2020-12) of scenario files, with which editors complete keys, show
/// documentation and underline errors. The reader is stricter: it also checks keys against each
/// other.
public struct ScenarioSchema {
  private let keys: [ScenarioKey]

  public init(keys: [ScenarioKey]) { self.keys = keys }

  /// The schema as JSON with sorted keys.
  ///
  /// - Throws: any error of Foundation's encoder.
  public func json() throws -> String {
    var schema = object(in: "")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A FLORA scenario"
    let data = try JSONSerialization.data(
      withJSONObject: schema, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  /// The schema of the section with the keys below `path`.
  private func object(in path: String) -> [String: Any] {
    let below = keys.filter { $0.key.section == path }
    var schema: [String: Any] = [
      "type": "object", "additionalProperties": false,
      "properties": Dictionary(uniqueKeysWithValues: below.map { ($0.key.name, property($0)) }),
    ]
    let required = below.filter { $0.standard == nil && $0.key.condition == nil }
    if !required.isEmpty { schema["required"] = required.map(\.key.name) }
    let conditions = below.flatMap { rules(of: $0, among: below) }
    if !conditions.isEmpty { schema["allOf"] = conditions }
    return schema
  }

  private func property(_ key: ScenarioKey) -> [String: Any] {
    var choices = key.key.forms.flatMap { form -> [[String: Any]] in
      switch form {
      case .value(let form, isList: false): [value(form)]
      case .value(let form, isList: true):
        [["type": "array", "items": value(form), "minItems": 1]]
      case .sections:
        [["type": "array", "items": object(in: "\(key.path)[]"), "minItems": 1]]
      case .section(let shorthand):
        [section(key)] + (shorthand.flatMap { valueOfKey("\(key.path).\($0)") } ?? [])
      }
    }
    if let none = key.key.none { choices.append(["const": none]) }
    var schema = choices.count == 1 ? choices[0] : ["anyOf": choices]
    schema["description"] =
      key.meaning + (key.standard.map { " Default: \($0)." } ?? " Required.")
    return schema
  }

  /// The schema of a section key. A section without fixed keys maps the user's key paths to lists
  /// of values.
  private func section(_ key: ScenarioKey) -> [String: Any] {
    keys.contains { $0.key.section == key.path }
      ? object(in: key.path)
      : ["type": "object", "additionalProperties": ["type": "array", "minItems": 1]]
  }

  private func valueOfKey(_ path: String) -> [[String: Any]]? {
    keys.first { $0.path == path }?.key.forms.compactMap { form in
      if case .value(let form, isList: false) = form { value(form) } else { nil }
    }
  }

  private func value(_ form: ScalarForm) -> [String: Any] {
    switch form {
    case .text: return ["type": ["string", "number", "boolean"]]
    case .boolean: return ["type": "boolean"]
    case .choice(let words): return ["enum": words]
    case .integer(let range):
      var schema: [String: Any] = ["type": "integer"]
      if range.lowerBound > .min { schema["minimum"] = range.lowerBound }
      if range.upperBound < .max { schema["maximum"] = range.upperBound }
      return schema
    case .number(let range):
      var schema: [String: Any] = ["type": "number"]
      if range.lowerBound > -.greatestFiniteMagnitude { schema["minimum"] = range.lowerBound }
      if range.upperBound < .greatestFiniteMagnitude { schema["maximum"] = range.upperBound }
      return schema
    case .quantity(let units, _):
      let number = #"\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"#
      let unit = units.map { NSRegularExpression.escapedPattern(for: $0) }.joined(separator: "|")
      return ["type": "string", "pattern": "^\(number)\\s*(\(unit))$"]
    }
  }

  /// The rules that restrict a key to some kinds of its section and make it required there.
  private func rules(of key: ScenarioKey, among siblings: [ScenarioKey]) -> [[String: Any]] {
    guard let condition = key.key.condition else { return [] }
    var kinds: [String: Any] = ["properties": [condition.key: ["enum": condition.words]]]
    let standards = siblings.first { $0.key.name == condition.key }?.key.standards ?? []
    let isMet = standards.contains { condition.words.contains($0) }
    if !isMet { kinds["required"] = [condition.key] }
    var rules: [[String: Any]] = [["if": ["required": [key.key.name]], "then": kinds]]
    if key.standard == nil {
      rules.append(["if": kinds, "then": ["required": [key.key.name]]])
    }
    return rules
  }
}
