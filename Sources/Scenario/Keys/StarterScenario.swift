import Foundation

/// A commented scenario to begin with.
public enum StarterScenario {
  /// The file's text.
  ///
  /// - Parameter name: what the scenario is called, of letters, digits, "-", "_" and ".".
  /// - Throws: what Foundation throws where the package's own file is missing.
  public static func text(named name: String) throws -> String {
    guard let file = Bundle.module.url(forResource: "starter", withExtension: "yaml") else {
      preconditionFailure("the package's resources are in its bundle")
    }
    return try String(contentsOf: file, encoding: .utf8).replacing("NAME", with: name)
  }
}
