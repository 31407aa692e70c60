import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Invariants of any run: accounted costs equal actual ones, and neither stops nor an unsaturated server link change a byte.
struct RandomRunTests {
  @Test(arguments: 0..<80)
  func `accounted and actual costs are equal before every event of a random scenario`(
    seed: Int
  ) throws {
    let overrides = RandomScenario.overrides(seed)
    let experiment = try Experiment(ScenarioText.scenario(CostSumTests.text, overrides))
    let audit = SimulationAudit()
    let run = try PartsRun(experiment, audit: audit)
    let hasStarted = run.tasks.contains {
      !["excluded_memory", "unavailable"].contains($0["outcome"])
    }
    #expect(audit.checks > 2 && (audit.mostInFlight > 0) == hasStarted, "\(overrides)")
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
    // More frequent accounting changes no number.
    #expect(try run.tables == PartsRun(experiment).tables)
  }

  @Test(arguments: 100..<140)
  func `a repeatedly stopped run has the same tables`(seed: Int) throws {
    let experiment = try Experiment(
      ScenarioText.scenario(CostSumTests.text, RandomScenario.overrides(seed)))
    let interrupted = try PartsRun(experiment, stoppingEvery: 3 + seed % 11)
    #expect(interrupted.resumptions > 0)
    #expect(try interrupted.tables == PartsRun(experiment).tables)
  }

  @Test(arguments: 200..<280)
  func `unsaturated server links change nothing`(seed: Int) throws {
    let overrides = RandomScenario.overrides(seed).filter {
      !$0.hasPrefix("server.download=") && !$0.hasPrefix("server.upload=")
    }
    func run(_ links: String...) throws -> PartsRun {
      try PartsRun(Experiment(ScenarioText.scenario(CostSumTests.text, overrides + links)))
    }
    let free = try run()
    let shared = try run("server.download=1000 Gbps", "server.upload=1000 Gbps")
    #expect(free.tasks == shared.tasks, "\(overrides)")
    #expect(free.rounds == shared.rounds)
  }
}
