import Federation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Client state after complete runs in which many uploads are lost.
struct ClientStateRunTests {
  private static let text = """
    name: states
    seed: 2
    data: { dataset: fashion-mnist, train_samples: 300, test_samples: 50 }
    training: { learning_rate: 1.0e-3, batch_size: 16 }
    methods:
      - { name: flora, kind: lora, rank: 4 }
    fleet:
      devices: 7
      classes:
        - { name: steady, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms }
        - { name: shaky, share: 0.5, compute: 20 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 300 kbps, rtt: 80 ms, dropout: 0.8 }
    server: { rounds: 6, cohort: 4 }
    """

  private func run(_ overrides: String...) throws -> PartsRun {
    try PartsRun(Experiment(ScenarioText.scenario(Self.text, overrides)))
  }

  @Test func `a FedSA client whose upload was lost keeps its B`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, "methods[0].aggregation=fedsa", "fleet.classes.shaky.dropout=1"))
    let tasks = run.rows("tasks.csv")
    func clients(_ outcomes: Set<String>) -> Set<String> {
      Set(tasks.filter { outcomes.contains($0["outcome"]!) }.map { "client-\($0["client"]!)" })
    }
    let kept = Set(
      run.files.keys.filter { $0.hasPrefix("adapters/flora/client-") }
        .map { String($0.split(separator: "/")[2]) })
    #expect(kept == clients(["completed", "dropped_upload"]))
    #expect(!clients(["dropped_upload"]).subtracting(clients(["completed"])).isEmpty)
    #expect(!clients(["dropped_training", "dropped_download"]).subtracting(kept).isEmpty)
  }

  @Test(arguments: ["none", "int8", "sign", "fp16"])
  func `after a run SCAFFOLD's c is the mean of all clients' control variates`(codec: String) throws
  {
    let run = try run(
      "server.strategy=scaffold", "methods[0].optimizer=sgd", "methods[0].learning_rate=0.05",
      "server.compression=\(codec)", "server.deadline=2 s", "server.late=kept")
    let algorithm = try #require(run.simulation.algorithm as? Scaffold)
    let completed = Set(
      run.tasks.filter { $0["outcome"] == "completed" }.map { Int($0["client"]!)! })
    #expect(run.tasks.contains { $0["outcome"]!.hasPrefix("dropped") })
    let controls = (0..<7).map(algorithm.control)
    for (client, control) in controls.enumerated() {
      #expect(control.contains { $0 != 0 } == completed.contains(client))
    }
    let largest = controls.joined().map { abs($0) }.max()!
    for index in algorithm.version.control.indices {
      let mean = controls.reduce(0.0) { $0 + Double($1[index]) } / 7
      #expect(abs(Double(algorithm.version.control[index]) - mean) < 3e-6 * Double(largest))
    }
  }
}
