import Foundation

/// A commented scenario to start from.
public enum StarterScenario {
  /// The contents of the file.
  ///
  /// - Parameter name: the scenario's name, of letters, digits, "-", "_" and ".".
  /// - Throws: any error of Foundation if the package's own file is missing.
  public static func text(named name: String) throws -> String {
    guard let file = Bundle.module.url(forResource: "starter", withExtension: "yaml") else {
      preconditionFailure("the package's resources are in its bundle")
    }
    return try String(contentsOf: file, encoding: .utf8).replacing("NAME", with: name)
  }
}
