import Configuration
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario
@testable import Sweeps

struct SweepRunTests {
  private static let text =
    ScenarioText.small.replacing(
      "training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
    + "\nsweep:\n  methods.flora.rank: [2, 4]\n  seed: [1, 2, 3]\n"

  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)

  private func run(_ overrides: String...) throws -> (run: Int, known: Int) {
    let document = try ConfigurationDocument(
      text: Self.text, name: "test.yaml", overrides: overrides)
    let sweep = try ScenarioSweep(
      document, folder: URL(filePath: FileManager.default.currentDirectoryPath))
    return try SweepRun(sweep, workers: 2, SilentObserver()).run(into: folder)
  }

  private func rows(_ file: String) throws -> [[String]] {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      .split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
  }

  @Test func `every combination is run once, and only what is missing is run again`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run() == (6, 0))
    let first = try rows("sweep.csv")
    #expect(first.count == 1 + 6 * 2)
    #expect(first[0].prefix(4) == ["run", "sweep:methods.flora.rank", "sweep:seed", "method"])
    #expect(first.dropFirst().map { $0[0] }.first == "1" && first.last![0] == "6")
    let parameters = first[0].firstIndex(of: "trainable_parameters")!
    #expect(first[1][parameters] == "2048" && first[12 - 1][parameters] == "4096")

    // A run that was killed has no manifest.
    try FileManager.default.removeItem(at: folder.appending(path: "4/manifest.json"))
    try FileManager.default.removeItem(at: folder.appending(path: "sweep.csv"))
    #expect(try run() == (1, 5))
    #expect(try rows("sweep.csv") == first)
    #expect(try run("server.rounds=2") == (6, 0), "another scenario's results are no use")
  }

  @Test func `over the seeds there are mean, deviation and interval`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run()
    let runs = try rows("sweep.csv")
    let summary = try rows("summary.csv")
    #expect(summary.count == 1 + 2 * 2)
    #expect(summary[1].prefix(3) == ["2", "flora", "3"])
    let time = runs[0].firstIndex(of: "virtual_time_s")!
    let times = runs.filter { $0[1] == "2" && $0[3] == "flora" }.map { Double($0[time])! }
    let mean = Double(summary[1][summary[0].firstIndex(of: "virtual_time_s_mean")!])!
    #expect(times.count == 3 && abs(mean - times.reduce(0, +) / 3) < 1e-9 * mean)
    #expect(summary[1][summary[0].firstIndex(of: "final_accuracy_mean")!] == "")
  }

  @Test(arguments: [(1, 12.706204736), (2, 4.302652730), (9, 2.262157163), (30, 2.042272456)])
  func `the interval's t is that of the tables`(degrees: Int, t: Double) {
    #expect(
      abs(StudentDistribution.quantile(0.975, degreesOfFreedom: degrees) - t) < 1e-8)
  }

  @Test func `three values give what a calculation by hand gives`() {
    let statistics = SeedStatistics([1, 2, 6])
    #expect(statistics.mean == 3)
    #expect(abs(statistics.deviation! - 7.0.squareRoot()) < 1e-12)
    #expect(abs(statistics.interval! - 4.302652730 * (7.0 / 3).squareRoot()) < 1e-6)
    #expect(SeedStatistics([5]).interval == nil)
  }
}
