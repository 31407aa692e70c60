import Configuration
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario
@testable import Sweeps

/// Sweeps that several processes run in one folder.
struct SweepPartTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)

  private func sweep() throws -> ScenarioSweep {
    let text =
      ScenarioText.small.replacing(
        "training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
      + "\nsweep: { methods.flora.rank: [2, 4], seed: [1, 2, 3] }\n"
    return try ScenarioSweep(
      ConfigurationDocument(text: text, name: "test.yaml", overrides: []),
      folder: URL(filePath: FileManager.default.currentDirectoryPath))
  }

  private func run(_ part: String? = nil) throws -> SweepRun.Outcome {
    try SweepRun(sweep(), part: part.map { SweepPart($0)! }, workers: 1, SilentObserver())
      .run(into: folder)
  }

  private func tables() throws -> [String: Data] {
    try TemporaryRun.files(in: folder).filter { $0.key.hasSuffix(".csv") }
  }

  @Test func `parts together give the files of one process, whichever ends last`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run()
    let whole = try tables()
    for order in [
      ["1/2", "2/2"], ["3/3", "1/3", "2/3"], ["6/7", "7/7", "2/7", "1/7", "3/7", "4/7", "5/7"],
    ] {
      try FileManager.default.removeItem(at: folder)
      var ran = 0
      for (index, part) in order.enumerated() {
        let outcome = try run(part)
        ran += outcome.run
        #expect((outcome.elsewhere == 0) == (ran == 6), "\(index)")
      }
      #expect(ran == 6)
      #expect(try tables() == whole)
    }
  }

  @Test func `a combination that another process runs is left to it`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var claim = Optional(try ResultsFolder.claim(folder.appending(path: "3")))
    #expect(try run() == SweepRun.Outcome(run: 5, known: 0, elsewhere: 1))
    withExtendedLifetime(claim) {}
    claim = nil
    #expect(try run() == SweepRun.Outcome(run: 1, known: 5, elsewhere: 0))
  }

  @Test func `a folder in which a sweep runs is no place for a single run`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = try ResultsFolder.join(folder)
    #expect(throws: ExperimentError.self) { try ResultsFolder.claim(folder) }
    #expect(throws: Never.self) { try ResultsFolder.join(folder) }
    withExtendedLifetime(sweep) {}
  }

  @Test(arguments: ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "/2", "-1/2", ""])
  func `an invalid part is rejected`(text: String) { #expect(SweepPart(text) == nil) }
}
