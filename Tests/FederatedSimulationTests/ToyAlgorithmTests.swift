import Adaptation
import Federation
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// A vote on the direction of each number: clients send the signs of their changes, and the server takes a step along the
/// sign of their sum (signSGD with majority vote: Bernstein et al., arXiv 1810.05665).
private struct SignVote: FederatedAlgorithm {
  private(set) var version: ServerVersion
  let count: Int
  let step: Float
  private var votes: [Float] = []

  init(parameters: [Float], count: Int, step: Float) {
    version = ServerVersion(parameters: parameters)
    self.count = count
    self.step = step
  }

  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { count }
  func numbersUp(_ part: TrainedPart?) -> Int { count }

  func message(_ work: ClientWork) -> [Float] { work.change.map { $0 == 0 ? 0 : $0 < 0 ? -1 : 1 } }

  mutating func receive(_ update: ClientUpdate) {
    votes = votes.isEmpty ? update.received : zip(votes, update.received).map { $0 + $1 }
  }

  mutating func makeVersion() {
    let steps = votes.map { $0 == 0 ? 0 : $0 < 0 ? -step : step }
    let parameters =
      steps.isEmpty ? version.parameters : zip(version.parameters, steps).map { $0 + $1 }
    version = ServerVersion(number: version.number + 1, parameters: parameters)
    votes = []
  }
}

/// The median of each number over the clients of a round (Yin et al., arXiv 1803.01498), from which each client starts
/// with half of its own previous change added.
private struct PersonalMedian: FederatedAlgorithm {
  static let keepsClientState = true

  private(set) var version: ServerVersion
  let count: Int
  private var changes: [[Float]] = []
  private(set) var own: [Int: [Float]] = [:]

  init(parameters: [Float], count: Int) {
    version = ServerVersion(parameters: parameters)
    self.count = count
  }

  func model(_ part: TrainedPart?, from version: ServerVersion, of client: Int) -> ClientModel {
    let start = own[client].map { zip(version.parameters, $0).map { $0 + 0.5 * $1 } }
    return ClientModel(
      version: version.number, owner: client, parameters: start ?? version.parameters)
  }

  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { count }
  func numbersUp(_ part: TrainedPart?) -> Int { count }

  mutating func keep(_ work: ClientWork) { own[work.client] = work.change }

  mutating func receive(_ update: ClientUpdate) { changes.append(update.received) }

  mutating func makeVersion() {
    let parameters = version.parameters.indices.map { index in
      let sorted = changes.map { $0[index] }.sorted()
      return version.parameters[index] + (sorted.isEmpty ? 0 : sorted[sorted.count / 2])
    }
    version = ServerVersion(number: version.number + 1, parameters: parameters)
    changes = []
  }
}

/// Custom algorithms in complete runs.
struct ToyAlgorithmTests {
  private static let text = ScenarioText.small
    .replacing("  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")
  private static let step: Float = 1e-3

  private func experiment(_ overrides: String...) throws -> Experiment {
    try Experiment(ScenarioText.scenario(Self.text, overrides))
  }

  private func parts(
    _ algorithm: @escaping ([Float], Int) -> any FederatedAlgorithm
  ) -> (Experiment) -> SimulationParts {
    { experiment in
      let (settings, adapted) = experiment.methods[0]
      let parameters = adapted.method.initialParameters(
        of: experiment.model, seed: experiment.scenario.seed)
      var parts = SimulationParts(experiment, settings, adapted)
      parts.algorithm = algorithm(parameters, adapted.method.trainable.count)
      return parts
    }
  }

  private func vote() -> (Experiment) -> SimulationParts {
    parts { SignVote(parameters: $0, count: $1, step: Self.step) }
  }

  private func median() -> (Experiment) -> SimulationParts {
    parts { PersonalMedian(parameters: $0, count: $1) }
  }

  @Test func `a vote moves every number by whole steps, and the test result improves`() throws {
    let experiment = try experiment("server.rounds=4")
    let run = try PartsRun(experiment, parts: vote())
    #expect(run.rounds.map { $0["round"]! } == ["0", "1", "2", "3", "4"])
    let start = experiment.methods[0].adapted.method.initialParameters(
      of: experiment.model, seed: experiment.scenario.seed)
    let version = run.simulation.algorithm.version
    #expect(version.number == 4 && version.parameters.count == 2_048)
    let steps = zip(version.parameters, start).map { ($0 - $1) / Self.step }
    #expect(steps.allSatisfy { abs($0 - $0.rounded()) < 1e-2 && abs($0) < 4.01 })
    #expect(steps.contains { abs($0) > 1.5 })
    let losses = run.rounds.map { Double($0["test_loss"]!)! }
    #expect(losses[4] < losses[0])
    #expect(run.tasks.allSatisfy { $0["bytes_down"] == "8192" || $0["outcome"] != "completed" })
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
  }

  @Test func `the median algorithm's clients train from their own initial values`() throws {
    let run = try PartsRun(experiment("server.rounds=4"), parts: median())
    let algorithm = try #require(run.simulation.algorithm as? PersonalMedian)
    let trained = Set(
      run.tasks.filter { ["completed", "dropped_upload"].contains($0["outcome"]) }
        .map { Int($0["client"]!)! })
    #expect(Set(algorithm.own.keys) == trained && trained.count > 5)
    let losses = run.rounds.map { Double($0["test_loss"]!)! }
    #expect(losses[4] < losses[0])
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
  }

  @Test(arguments: ["vote", "median"], ["", "server.over_selection=1.5", "fedbuff"])
  func `a stopped run of either resumes from its checkpoint`(
    name: String, server: String
  ) throws {
    let strategy = "server.strategy={kind: fedbuff, buffer: 3, concurrency: 5}"
    let experiment = try experiment(
      server == "fedbuff" ? strategy : server.isEmpty ? "seed=5" : server)
    let parts = name == "vote" ? vote() : median()
    let whole = try PartsRun(experiment, parts: parts)
    let interrupted = try PartsRun(experiment, stoppingEvery: 7, parts: parts)
    #expect(interrupted.resumptions >= 3)
    #expect(interrupted.tables == whole.tables)
    #expect(
      interrupted.simulation.algorithm.version == whole.simulation.algorithm.version)
  }

  @Test func `another algorithm's state is rejected`() throws {
    let written = ComponentState(SignVote(parameters: [1, 2], count: 2, step: 1))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(written)
    var read = try JSONDecoder().decode(ComponentState.self, from: data)
    #expect(throws: DecodingError.self) {
      try read.recognize(
        like: Scaffold(parameters: [], count: 2, clients: 2, clientLearningRate: 1))
    }
    #expect(read.value(as: (any FederatedAlgorithm).self) == nil)
    #expect(throws: EncodingError.self) { try encoder.encode(read) }
    try read.recognize(like: SignVote(parameters: [], count: 2, step: 1))
    #expect(read.value(as: (any FederatedAlgorithm).self)?.version.parameters == [1, 2])
    #expect(try encoder.encode(read) == data)
  }
}
