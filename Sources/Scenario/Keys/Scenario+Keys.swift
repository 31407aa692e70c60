import Configuration
import Foundation

extension Scenario {
  /// Every key that a scenario may have, each before its subkeys.
  ///
  /// - Throws: `ConfigurationError` if the package's own file is missing or invalid.
  public static func keys() throws(ConfigurationError) -> [ScenarioKey] {
    let texts = try ScenarioKeyText.all()
    return surveyedKeys.map { key in
      guard let text = text(of: key, in: texts) else {
        preconditionFailure("scenario-keys.yaml does not describe \(key.path)")
      }
      return ScenarioKey(key, text)
    }
  }

  /// The keys that the reader requests, plus `sweep`, which is removed from the file before it is
  /// read.
  static var surveyedKeys: [ConfigurationKey] {
    var keys = ConfigurationSurvey.keys { root in _ = Scenario(root, folder: URL(filePath: "/")) }
    keys.append(.freeSection("sweep"))
    return keys
  }

  /// The key's own text, that of the key from which it inherits, or that of the matching `*`
  /// pattern.
  static func text(
    of key: ConfigurationKey, in texts: [String: ScenarioKeyText]
  ) -> ScenarioKeyText? {
    if let own = texts[key.path] ?? key.inherited.flatMap({ texts[$0] }) { return own }
    let parts = key.path.split(separator: ".")
    return (1..<parts.count).lazy.compactMap { start in
      texts["*." + parts[start...].joined(separator: ".")]
    }.first
  }
}
