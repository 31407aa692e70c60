import Foundation
import Yams

/// The subset of JSON Schema (draft 2020-12) that the scenario's schema uses, implemented from its definition.
struct SchemaCheck {
  private let schema: [String: Any]

  struct Unknown: Error { let word: String }

  init(json: String) throws {
    schema = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
  }

  func accepts(yaml: String) throws -> Bool {
    try Self.accepts(schema, try Yams.load(yaml: yaml) ?? NSNull())
  }

  private static func accepts(_ schema: [String: Any], _ value: Any) throws -> Bool {
    for (word, rule) in schema where !(try accepts(word, rule, schema, value)) { return false }
    return true
  }

  private static func accepts(
    _ word: String, _ rule: Any, _ schema: [String: Any], _ value: Any
  ) throws -> Bool {
    let object = value as? [String: Any]
    switch (word, rule) {
    case ("$schema", _), ("title", _), ("description", _), ("then", _): return true
    case ("type", let types as [String]): return types.contains { isOf($0, value) }
    case ("type", let type as String): return isOf(type, value)
    case ("enum", let words as [String]): return (value as? String).map(words.contains) ?? false
    case ("const", let text as String): return value as? String == text
    case ("minimum", let bound as NSNumber):
      return number(value).map { $0 >= bound.doubleValue } ?? true
    case ("maximum", let bound as NSNumber):
      return number(value).map { $0 <= bound.doubleValue } ?? true
    case ("pattern", let pattern as String):
      guard let text = value as? String else { return true }
      return text.range(of: pattern, options: .regularExpression) != nil
    case ("required", let keys as [String]):
      return object.map { object in keys.allSatisfy { object[$0] != nil } } ?? true
    case ("properties", let properties as [String: [String: Any]]):
      return try object?.allSatisfy { key, value in
        try properties[key].map { try accepts($0, value) } ?? true
      } ?? true
    case ("additionalProperties", let other):
      let known = (schema["properties"] as? [String: Any]) ?? [:]
      let strangers = (object ?? [:]).filter { known[$0.key] == nil }
      guard let rules = other as? [String: Any] else { return strangers.isEmpty }
      return try strangers.values.allSatisfy { try accepts(rules, $0) }
    case ("items", let rules as [String: Any]):
      return try (value as? [Any])?.allSatisfy { try accepts(rules, $0) } ?? true
    case ("minItems", let least as Int): return (value as? [Any]).map { $0.count >= least } ?? true
    case ("anyOf", let choices as [[String: Any]]):
      return try choices.contains { try accepts($0, value) }
    case ("allOf", let rules as [[String: Any]]):
      return try rules.allSatisfy { try accepts($0, value) }
    case ("if", let condition as [String: Any]):
      guard let then = schema["then"] as? [String: Any] else { throw Unknown(word: "if") }
      return try !accepts(condition, value) || accepts(then, value)
    default: throw Unknown(word: word)
    }
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int && !(value is Bool)
    case "number": number(value) != nil
    default: false
    }
  }

  private static func number(_ value: Any) -> Double? {
    value is Bool ? nil : (value as? Int).map(Double.init) ?? value as? Double
  }
}
