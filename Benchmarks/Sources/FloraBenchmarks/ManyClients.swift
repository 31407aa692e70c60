import Foundation
import Randomness

@testable import Adaptation
@testable import FederatedSimulation
@testable import Federation
@testable import Tensors

/// A thousand steps in one round, by many clients with one step each or by few with many.
///
/// As in a simulation, each client starts from the server's version, encodes its update and is
/// averaged in. Measures the time per step.
enum ManyClients {
  private static let steps = 1000

  static let cases =
    [1000, 50].map { clients in
      measured(clients: clients, "\(clients) of \(steps / clients) steps", .all)
    } + [
      measured(
        clients: 1000, "1000 of 1 steps without shared first pass",
        .all.subtracting(.sharedFirstPass))
    ]

  private static func measured(clients: Int, _ name: String, _ savings: ExactSavings) -> Case {
    Case(benchmark: "clients/nano", implementation: name) { repeats in
      let setup = TrainingSetup(.nano, .flora, savings)
      let pool = WorkerPool(workers: ProcessInfo.processInfo.activeProcessorCount)
      round(of: pool.count, setup, on: pool)
      return (0..<repeats).map { _ in
        let duration = seconds { round(of: clients, setup, on: pool) }
        return Sample(milliseconds: 1e3 * duration / Double(steps), workers: pool.count)
      }
    }
  }

  private static func round(of clients: Int, _ setup: TrainingSetup, on pool: WorkerPool) {
    let batches = setup.batches(steps / clients)
    let pass = setup.trainer.pass(version: setup.start)
    let count = setup.trainer.groupCount(clients: clients, workers: pool.count)
    let tasks = (0..<clients).map { _ in ClientTask { batches } }
    let groups = tasks.split(into: count).map { tasks in
      pool.submit { [trainer = setup.trainer, start = setup.start] context in
        trainer.train(tasks, from: start, pass: pass, context)
      }
    }
    var strategy = AggregationStrategy()
    let weight = Double(batches.count * TrainingSetup.batchSize)
    for result in groups.lazy.flatMap({ $0.wait() }) {
      strategy.accumulate(carried(result.delta), weight: weight)
    }
    _ = strategy.finish(setup.start)
  }

  /// The numbers decoded from the transmitted payload.
  private static func carried(_ numbers: [Float]) -> [Float] {
    let codec = Float32Codec()
    var random = RandomStream(seed: 0, purpose: "payload")
    do {
      return try codec.decode(codec.encode(numbers, using: &random), count: numbers.count)
    } catch {
      preconditionFailure("a payload that was just encoded can be decoded: \(error)")
    }
  }
}
