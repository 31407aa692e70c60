import Federation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Rounds with Poisson-sampled devices, all of whose updates count.
struct PoissonRunTests {
  private static let text = """
    name: poisson
    seed: 8
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    training: none
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 40
      classes:
        - { name: phone, share: 1, compute: { uniform: { low: 300 MFLOPS, high: 3 GFLOPS } }, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }
    server: { rounds: 12, cohort: 10, privacy: { clip: 1, noise: 1, sampling: poisson } }
    """

  @Test func `a round waits for all sampled devices, more or fewer than the cohort`() throws {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text))
    let sampling = PoissonSampling(population: 40, probability: 0.25, seed: 8)
    let (rounds, tasks) = (run.rows("rounds.csv"), run.rows("tasks.csv"))
    var sizes: [Int] = []
    for round in 1...12 {
      let own = tasks.filter { $0["round"] == "\(round)" }
      #expect(own.map { Int($0["client"]!)! }.sorted() == sampling.cohort(round: round))
      #expect(own.allSatisfy { $0["outcome"] == "completed" })
      #expect(rounds[round]["completed"] == "\(own.count)")
      let end = own.max { Double($0["end_s"]!)! < Double($1["end_s"]!)! }
      #expect(rounds[round]["virtual_time_s"] == end?["end_s"])
      sizes.append(own.count)
    }
    #expect(sizes.contains { $0 > 10 } && sizes.contains { $0 < 10 })
    CostSums(run, method: "flora").check()
  }

  /// A device that is still busy is sampled like any other, but skipped.
  @Test func `with a deadline, busy devices are sampled and skipped`() throws {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text, "server.deadline=1 s"))
    let sampling = PoissonSampling(population: 40, probability: 0.25, seed: 8)
    let tasks = run.rows("tasks.csv")
    var skipped = 0
    for round in 1...12 {
      let own = Set(tasks.filter { $0["round"] == "\(round)" }.map { Int($0["client"]!)! })
      let sample = Set(sampling.cohort(round: round))
      #expect(own.isSubset(of: sample))
      let start = Double(run.rows("rounds.csv")[round - 1]["virtual_time_s"]!)!
      for client in sample.subtracting(own) {
        skipped += 1
        #expect(
          tasks.contains {
            $0["client"] == "\(client)" && Double($0["start_s"]!)! < start
              && Double($0["end_s"]!)! > start
          }, "client \(client) is at work in round \(round)")
      }
    }
    #expect(skipped > 3)
    CostSums(run, method: "flora").check()
  }
}
