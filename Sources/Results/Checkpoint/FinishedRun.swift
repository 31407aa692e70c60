import Foundation
import Scenario

/// The part of a manifest that identifies a run.
package struct FinishedRun: Decodable {
  private let resultKey: [String: String]

  private enum CodingKeys: String, CodingKey {
    case resultKey = "result_key"
  }

  /// Whether a folder contains a finished run with the results of `origin`.
  ///
  /// The manifest is the last file that a run writes.
  ///
  /// - Parameter origin: evaluated only if there is a finished run.
  package static func holds(_ folder: URL, of origin: () throws -> RunOrigin) rethrows -> Bool {
    guard let data = try? Data(contentsOf: folder.appending(path: "manifest.json")),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else { return false }
    return try run.resultKey == origin().resultKey
  }
  /// Whether a folder contains a finished run of a scenario by this version of the program, with
  /// any files and on any machine.
  package static func appears(in folder: URL, of scenario: Scenario) -> Bool {
    guard let data = try? Data(contentsOf: folder.appending(path: "manifest.json")),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else { return false }
    return run.resultKey["scenario"] == scenario.digest
      && run.resultKey["version"] == FloraVersion.current
  }
}
