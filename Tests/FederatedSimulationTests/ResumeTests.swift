import Adaptation
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario
@testable import Sweeps

/// Runs that are stopped between events and resumed, compared with uninterrupted runs.
struct ResumeTests {
  /// Everything that affects how tasks end: dropout, sessions, shared links.
  private static let text = """
    name: resume
    seed: 9
    data: { dataset: fashion-mnist, train_samples: 160, test_samples: 40, partition: { kind: dirichlet, beta: 0.5 } }
    training: { batch_size: 16, optimizer_state: persistent, learning_rate: 1.0e-3 }
    methods:
      - { name: flora, kind: lora, rank: 4 }
      - { name: fedlc, kind: fedlc }
    fleet:
      devices: 8
      classes:
        - { name: fast, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms, dropout: 0.1, hazard: { training: 60, upload: 200 } }
        - { name: slow, share: 0.5, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0.3 }
    server: { rounds: 4, cohort: 4 }
    evaluation: { target_accuracy: 0.2 }
    """

  private static let sgd = "training.optimizer=sgd"
  private static let oneMethod = "methods=[{name: flora, kind: lora, rank: 4}]"

  private func rule(_ name: String) -> String {
    "methods=[{name: flora, kind: lora, rank: 4, aggregation: \(name)}]"
  }

  /// - Parameter timingOnly: whether training is disabled; there are more events between stops then.
  private func check(
    _ overrides: [String], every interval: Int, timingOnly: Bool = false
  ) throws {
    let text =
      timingOnly
      ? Self.text.replacing(
        "training: { batch_size: 16, optimizer_state: persistent, learning_rate: 1.0e-3 }",
        with: "training: none") : Self.text
    let experiment = try Experiment(ScenarioText.scenario(text, overrides))
    let folder = CacheFolder()
    let whole = try TemporaryRun(experiment, cache: folder.cache)
    let interrupted = try InterruptedRun(experiment, every: interval, cache: folder.cache)
    #expect(interrupted.resumptions >= 3)
    #expect(interrupted.results == whole.results)
  }

  @Test(arguments: [
    [],
    ["server.strategy=fedadam", "server.over_selection=1.5"],
    ["server.strategy={kind: fedbuff, buffer: 3, concurrency: 5}"],
    ["server.strategy={kind: fedasync, concurrency: 4, most_stale: 2}", "server.rounds=12"],
    ["server.strategy=scaffold", sgd, "training.learning_rate=0.01"],
    ["server.strategy={kind: fedprox, mu: 0.1}", "training.optimizer_state=fresh"],
    ["server.privacy={clip: 0.5, noise: 1}"],
    ["server.selection=oort"],
    ["server.selection={kind: power-of-choice, choices: 6}"],
    [
      "server.strategy={kind: fedbuff, buffer: 2, concurrency: 4}",
      "server.compression={kind: top-k, fraction: 0.1, error_feedback: true}",
    ],
    ["server.deadline=2 s", "server.late=kept", "server.compression=int8"],
    [
      "server.upload=1 Mbps", "server.download=20 Mbps",
      "fleet.availability={kind: sessions, every: 20 s, length: 8 s}",
    ],
    ["fleet.base_download=once", "fleet.execution_plan=cached"],
    ["training.precision=bfloat16", "training.base_precision=nf4"],
    ["training.checkpointing=blocks", "training.micro_batch=3"], ["training.batch_parts=3"],
  ])
  func `a training run gives the same bytes however often it is stopped`(
    overrides: [String]
  ) throws {
    try check(overrides, every: 19)
  }

  @Test(arguments: ["stacking", "flexlora", "rolora", "fedsa", "hetlora", "fedex", "lora-fair"])
  func `a LoRA aggregation rule gives the same bytes however often it is stopped`(
    rule: String
  ) throws {
    try check([self.rule(rule)], every: 13)
  }

  @Test(arguments: [
    ["server.strategy={kind: fedbuff, buffer: 3, concurrency: 5}"],
    ["server.deadline=2 s", "server.late=kept", "server.round_end=deadline"],
    [
      "server.upload=1 Mbps", "server.download=20 Mbps",
      "fleet.availability={kind: sessions, every: 20 s, length: 8 s}", "evaluation.every=3",
    ],
    ["server.privacy={clip: 0.5, noise: 1, sampling: poisson}"],
  ])
  func `a timing-only run may be stopped before any event`(overrides: [String]) throws {
    try check(overrides, every: 4, timingOnly: true)
  }

  /// On processors without packed products, clients are trained in groups, and a client's result
  /// depends in its last bits on the shapes of the others.
  @Test func `clients trained in a group are retrained in the same group`() throws {
    var experiment = try Experiment(
      ScenarioText.scenario(
        Self.text, Self.oneMethod,
        "server.strategy={kind: fedbuff, buffer: 2, concurrency: 6}"))
    experiment.savings = ExactSavings.all.subtracting(.packedWeights)
    let whole = try TemporaryRun(experiment)
    let interrupted = try InterruptedRun(experiment, every: 5)
    #expect(interrupted.resumptions >= 5)
    #expect(interrupted.results == whole.results)
  }

  @Test func `rows after the checkpoint are removed, as after a kill`() throws {
    let experiment = try Experiment(
      ScenarioText.scenario(
        Self.text, Self.oneMethod, "server.strategy={kind: fedasync, concurrency: 4}",
        "server.rounds=20"))
    let whole = try TemporaryRun(experiment)
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let checkpoint = ResultsFolder.checkpoint(in: directory)

    func run(stoppingAfter count: Int) throws {
      var run = ExperimentRun(
        experiment, workers: 1, stop: CountingStop(after: count), SilentObserver())
      _ = try run.run(into: directory, .required)
    }
    #expect(throws: RunInterruption.self) { try run(stoppingAfter: 40) }
    let early = try Data(contentsOf: checkpoint)
    let rows = try Data(contentsOf: directory.appending(path: "tasks.csv")).count
    #expect(throws: RunInterruption.self) { try run(stoppingAfter: 20) }
    try early.write(to: checkpoint)
    #expect(try Data(contentsOf: directory.appending(path: "tasks.csv")).count > rows)
    try run(stoppingAfter: .max)
    let results = try TemporaryRun.files(in: directory).filter { $0.key != "manifest.json" }
    #expect(results == whole.results)
  }

  @Test func `a sweep resumes with the interrupted combination`() throws {
    let text = Self.text + "\nsweep: { seed: [1, 2] }\n"
    let whole = try sweep(text, .max)
    let interrupted = try sweep(text, 25)
    #expect(interrupted.stops >= 3)
    #expect(interrupted.files == whole.files)
  }

  private func sweep(_ text: String, _ events: Int) throws -> (stops: Int, files: [String: Data]) {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let folder = CacheFolder()
    let sweep = try ScenarioSweep(
      .init(text: text, name: "test.yaml", overrides: [Self.oneMethod]),
      folder: URL(filePath: FileManager.default.currentDirectoryPath))
    var stops = 0
    while true {
      do {
        _ = try SweepRun(
          sweep, workers: 2, cache: folder.cache, stop: CountingStop(after: events),
          SilentObserver()
        ).run(into: directory)
        break
      } catch is RunInterruption { stops += 1 }
    }
    let files = try TemporaryRun.files(in: directory)
    return (stops, files.filter { !$0.key.hasSuffix("manifest.json") })
  }
}
