import Configuration
import Foundation

/// The documentation of a key in `scenario-keys.yaml`.
struct ScenarioKeyText: Sendable {
  var meaning: String
  var source: String?
  /// A description of the default, if it depends on something and is not a single value.
  var standard: String?

  /// The texts by key; `*.median` applies to the subkey `median` of any key.
  ///
  /// - Throws: `ConfigurationError` if the package's own file is missing or invalid.
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
