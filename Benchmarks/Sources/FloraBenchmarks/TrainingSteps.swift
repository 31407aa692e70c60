import Foundation

@testable import Adaptation
@testable import FederatedSimulation
@testable import Tensors

/// Steps of training, on all workers at once: what a simulation spends its time on.
enum TrainingSteps {
  /// The engine with one of its savings switched off, to see what it saves.
  private struct Variant: Sendable {
    /// As the tables name it.
    let name: String
    let change: @Sendable (inout TrainingSetup) -> Void

    static let all = [Variant(name: "flora") { _ in }]
  }

  static let cases = TrainingSetup.Method.allCases.flatMap { method in
    BenchmarkModel.allCases.flatMap { model in
      Variant.all.map { variant in
        Case(benchmark: "\(method)/\(model.rawValue)", implementation: variant.name) { repeats in
          var setup = TrainingSetup(model, method)
          variant.change(&setup)
          return measure(setup, repeats: repeats)
        }
      }
    }
  }

  private static func measure(_ setup: TrainingSetup, repeats: Int) -> [Sample] {
    let cost = setup.cost
    let pool = WorkerPool(workers: workers(setup, cost))
    var sgemm = MatrixProducts.best(on: pool)
    // A step takes about twice as long as its matrix products would in one large product.
    let estimate = 2 * Double(cost.flops) / (sgemm / Double(pool.count) * 1e9)
    let steps = Int((0.5 / estimate).rounded(.up)).clamped(to: 2...1000)
    let isLong = estimate > 2
    run(setup, setup.batches(isLong ? 1 : 4, size: isLong ? 16 : TrainingSetup.batchSize), on: pool)

    var samples: [Sample] = []
    for _ in 0..<repeats {
      var flops: Int64 = 0
      let duration = seconds { flops = run(setup, setup.batches(steps), on: pool) }
      samples.append(
        Sample(
          milliseconds: 1e3 * duration / Double(steps * pool.count), workers: pool.count,
          gflops: Double(flops) / duration / 1e9))
      sgemm = max(sgemm, MatrixProducts.best(on: pool))
    }
    return samples.map { sample in
      var sample = sample
      sample.sgemmGflops = sgemm
      return sample
    }
  }

  /// Trains one client on each worker.
  ///
  /// - Returns: the floating-point operations of all matrix products.
  @discardableResult
  private static func run(
    _ setup: TrainingSetup, _ batches: [[Int]], on pool: WorkerPool
  ) -> Int64 {
    pool.map(Array(0..<pool.count)) { [trainer = setup.trainer, start = setup.start] _, context in
      let before = context.matrixProductFLOPs
      _ = trainer.train(from: start, batches: batches, context)
      return context.matrixProductFLOPs - before
    }.reduce(0, +)
  }

  /// One worker a core, or as many as memory has room for.
  private static func workers(_ setup: TrainingSetup, _ cost: TracedCost) -> Int {
    // Beside the step itself: its result, and copies on the way there.
    let each = cost.peakBytes + 16 * setup.start.count
    return (availableMemory() / each).clamped(to: 1...ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Bytes that the machine has free, or in all where it does not say.
  private static func availableMemory() -> Int {
    let file = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
    let line = file?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line.flatMap { Int($0.split(separator: " ")[1]) }.map { $0 * 1024 }
      ?? Int(ProcessInfo.processInfo.physicalMemory)
  }
}

extension Comparable {
  fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
