import Foundation
import Scenario

/// The part of a manifest by which a run is known again.
package struct FinishedRun: Decodable {
  private let scenarioDigest: String
  private let floraVersion: String

  private enum CodingKeys: String, CodingKey {
    case scenarioDigest = "scenario_sha256"
    case floraVersion = "flora_version"
  }

  /// Whether a folder holds the finished run of a scenario by this version of the program.
  ///
  /// The manifest is what a run writes last.
  package static func holds(_ folder: URL, of scenario: Scenario) -> Bool {
    guard let data = try? Data(contentsOf: folder.appending(path: "manifest.json")),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else { return false }
    return run.scenarioDigest == scenario.digest && run.floraVersion == FloraVersion.current
  }
}
