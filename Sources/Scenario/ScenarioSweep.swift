import Configuration
import Foundation

/// The scenarios of a file: one, or where it has the section `sweep`, all combinations of what that lists.
public struct ScenarioSweep: Sendable {
  public struct Point: Sendable {
    /// The value of each swept key.
    public let values: [String]
    public let scenario: Scenario
  }

  /// The key paths that are swept over; none where there is a single scenario.
  public let keys: [String]
  /// Never empty.
  public let points: [Point]

  /// - Parameter overrides: what follows each `--set`, such as `server.rounds=3`.
  /// - Throws: `ConfigurationError` with every fault of the file, in whichever combination.
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
      // However its values are spelt, a combination that comes twice would count as two independent runs.
      if let other = known.updateValue(number, forKey: scenario.digest) {
        throw sweep.repetition(other, number)
      }
      return Point(values: point.values, scenario: scenario)
    }
  }

  public var isSingle: Bool { keys.isEmpty }
}
