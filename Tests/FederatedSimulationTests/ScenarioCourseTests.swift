import Foundation
import Testing

@testable import Scenario

/// The bundled scenarios, each for two rounds on few samples.
struct ScenarioCourseTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../scenarios")
    .standardizedFileURL
  private static let files =
    (try? FileManager.default.subpathsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

  @Test func `the course contains exactly the listed lessons`() throws {
    let list = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
    #expect(Self.files.count >= 12)
    for file in Self.files { #expect(list.contains("`\(file)`"), "\(file)") }
  }

  @Test(arguments: files)
  func `a scenario documents what it shows and how long it takes`(file: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let header = text.split(separator: "\n").prefix { $0.hasPrefix("#") }.joined()
    #expect(header.contains(/second|minute|hour/) && header.count > 100)
  }

  @Test(arguments: files)
  func `a scenario runs`(file: String) throws {
    let own = try EditedBase()
    let sweep = try ScenarioSweep(file: Self.folder.appending(path: file), overrides: [])
    for scenario in [sweep.points.first, sweep.points.last].compactMap({ $0?.scenario }) {
      var scenario = scenario
      if scenario.model.base == "my-clip" { scenario.model.base = own.url.path }
      let run = try TemporaryRun(short(scenario))
      let rows = try #require(run.files["rounds.csv"]).split(separator: UInt8(ascii: "\n"))
      #expect(rows.count == 1 + 3 * scenario.methods.count, "\(run.warnings)")
      #expect(run.summaries.count == scenario.methods.count)
      if sweep.isSingle { break }
    }
  }

  /// Two rounds of a few devices with few samples.
  private func short(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    scenario.server.rounds = 2
    scenario.evaluation.every = 1
    scenario.data.testSamples = 100
    if !scenario.isTimingOnly {
      scenario.server.cohort = min(4, scenario.server.cohort)
      if case .fewShot = scenario.data.partition {
      } else {
        scenario.data.trainSamples = 400
      }
    }
    return scenario
  }
}
