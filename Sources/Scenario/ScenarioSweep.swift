import Configuration
import Foundation

/// The scenarios of a file: one, or all combinations if it has the section `sweep`.
public struct ScenarioSweep: Sendable {
  public struct Point: Sendable {
    /// The value of each swept key.
    public let values: [String]
    public let scenario: Scenario
  }

  /// The swept key paths; empty for a single scenario.
  public let keys: [String]
  /// Never empty.
  public let points: [Point]

  /// - Parameter overrides: the arguments of `--set`, such as `server.rounds=3`.
  /// - Throws: `ConfigurationError` with every error of the file, in any combination.
  public init(file: URL, overrides: [String] = []) throws(ConfigurationError) {
    try self.init(
      ConfigurationDocument(file: file, overrides: overrides),
      folder: file.absoluteURL.deletingLastPathComponent())
  }

  init(_ document: ConfigurationDocument, folder: URL) throws(ConfigurationError) {
    guard let sweep = try document.sweep(at: "sweep") else {
      keys = []
      points = [Point(values: [], scenario: try document.read { Scenario($0, folder: folder) })]
      return
    }
    keys = sweep.keys
    var known: [String: Int] = [:]
    points = try (0..<sweep.count).map { number throws(ConfigurationError) in
      let point = try sweep.point(number)
      let scenario = try point.document.read { Scenario($0, folder: folder) }
      // Rejects combinations with the same meaning, however spelled: they would count as
      // independent runs.
      if let other = known.updateValue(number, forKey: scenario.digest) {
        throw sweep.repetition(other, number)
      }
      return Point(values: point.values, scenario: scenario)
    }
  }

  public var isSingle: Bool { keys.isEmpty }
}
