import Configuration
import Foundation

/// What `scenario-keys.yaml` says of a key.
struct ScenarioKeyText: Sendable {
  var meaning: String
  var source: String?
  /// Where it depends on something and no single value is the default.
  var standard: String?

  /// The texts by key; `*.median` is that of every key below which there is a `median`.
  ///
  /// - Throws: `ConfigurationError` where the package's own file is missing or faulty.
  static func all() throws(ConfigurationError) -> [String: ScenarioKeyText] {
    guard let file = Bundle.module.url(forResource: "scenario-keys", withExtension: "yaml") else {
      preconditionFailure("the package's resources are in its bundle")
    }
    return try ConfigurationDocument(file: file).read { root in
      Dictionary(uniqueKeysWithValues: root.keys.map { ($0, Self(root.section($0))) })
    }
  }

  private init(_ section: ConfigurationSection) {
    meaning = section.string("meaning")
    source = section.optionalString("source")
    standard = section.has("default") ? section.string("default", allowingEmpty: true) : nil
  }
}
