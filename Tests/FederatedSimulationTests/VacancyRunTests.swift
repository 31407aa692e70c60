import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Asynchronous servers whose devices go online and offline.
struct VacancyRunTests {
  private static let text = """
    name: vacancies
    seed: 2
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    training: none
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 50
      availability: { kind: sessions, every: 60 s, length: 20 s }
      interruption: fail
      classes:
        - { name: fast, share: 0.5, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }
        - { name: slow, share: 0.5, compute: 300 MFLOPS, memory: 1 GB, download: 3 Mbps, upload: 700 kbps, rtt: 7 ms }
    server: { rounds: 60, cohort: 10 }
    """

  private func eventsPerTask(_ overrides: [String]) throws -> Double {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text, overrides))
    let manifest = try #require(
      try JSONSerialization.jsonObject(with: run.files["manifest.json"]!) as? [String: Any])
    let events = try #require(manifest["events"] as? Int)
    let tasks = run.rows("tasks.csv").count
    #expect(tasks > 300 && run.warnings.isEmpty)
    CostSums(run, method: "flora").check()
    return Double(events) / Double(tasks)
  }

  /// A task has a start, at most three phase ends, and occasionally an instant at which the server looks for a
  /// device.
  @Test(arguments: [
    ["server.strategy={kind: fedbuff, buffer: 10, concurrency: 10}"],
    [
      "server.strategy={kind: fedasync, concurrency: 40}", "server.rounds=400",
      "evaluation.every=50",
    ],
    ["server.strategy={kind: fedbuff, buffer: 10, concurrency: 45}"],
    [
      "server.strategy={kind: fedbuff, buffer: 10, concurrency: 45}",
      "server.selection=samples",
    ],
  ])
  func `a free slot costs few events, however many devices are offline`(overrides: [String]) throws
  {
    #expect(try eventsPerTask(overrides) < 6)
  }
}
