import Foundation

@testable import Adaptation
@testable import FederatedSimulation
@testable import Tensors

/// Training steps on all workers at once, which dominate a simulation's run time.
enum TrainingSteps {
  /// The engine without some of its savings, to measure their effect.
  private struct Variant: Sendable {
    /// The name in the tables.
    let name: String
    let savings: ExactSavings
    var precision = Precision.float32

    static let whole = Variant(name: "flora", savings: .all)
    static let bfloat16 = Variant(name: "flora bfloat16", savings: .all, precision: .bfloat16)
    static let library = [
      without("packed weights", .packedWeights),
      without("packed weights and stacking", [.packedWeights, .stackedClients]),
    ]
    static let flora =
      [whole, bfloat16] + library + [
        without("kept image features", .keptImageFeatures),
        without("distinct prompts", .distinctPrompts), without("cut texts", .cutTexts),
        without("shared prefixes", .sharedPrefixes), without("frozen start", .frozenStart),
        without("pruned last block", .prunedLastBlock), without("any saving", .all),
      ]
    static let full = [
      whole, bfloat16, without("distinct prompts", .distinctPrompts),
      without("pruned last block", .prunedLastBlock), without("any saving", .all),
    ]

    private static func without(_ name: String, _ savings: ExactSavings) -> Variant {
      Variant(name: "flora without \(name)", savings: .all.subtracting(savings))
    }

    /// The affordable variants: naive ones take minutes per step on the largest model.
    static func of(_ method: TrainingSetup.Method, _ model: BenchmarkModel) -> [Variant] {
      switch (method, model) {
      case (.flora, .vitB32): [whole, bfloat16] + library
      case (.flora, _): flora
      case (.fedfft, .vitB32): [whole, bfloat16]
      case (.fedfft, _): full
      }
    }
  }

  static let cases = TrainingSetup.Method.allCases.flatMap { method in
    BenchmarkModel.allCases.flatMap { model in
      Variant.of(method, model).map { variant in
        Case(benchmark: "\(method)/\(model.rawValue)", implementation: variant.name) { repeats in
          measure(
            TrainingSetup(model, method, variant.savings, variant.precision), repeats: repeats)
        }
      }
    }
  }

  private static func measure(_ setup: TrainingSetup, repeats: Int) -> [Sample] {
    let cost = setup.cost
    let pool = WorkerPool(workers: workers(setup, cost))
    var sgemm = MatrixProducts.best(on: pool)
    // A step takes about twice as long as one large matrix product of equal FLOPs.
    let estimate = 2 * Double(cost.flops) / (sgemm / Double(pool.count) * 1e9)
    let isLong = estimate > 2
    // The estimate is for the engine's own step; a naive variant takes much longer.
    let first = setup.batches(isLong ? 1 : 2, size: isLong ? 16 : TrainingSetup.batchSize)
    let warmUp = seconds { run(setup, first, on: pool) } / Double(first.count)
    let steps = Int((0.5 / max(estimate, isLong ? 0 : warmUp / 2)).rounded(.up))
      .clamped(to: 2...1000)
    let clients = setup.tasks([]).count

    var samples: [Sample] = []
    for _ in 0..<repeats {
      var flops: Int64 = 0
      let duration = seconds { flops = run(setup, setup.batches(steps), on: pool) }
      samples.append(
        Sample(
          milliseconds: 1e3 * duration / Double(steps * clients * pool.count), workers: pool.count,
          gflops: Double(flops) / duration / 1e9))
      sgemm = max(sgemm, MatrixProducts.best(on: pool))
    }
    return samples.map { sample in
      var sample = sample
      sample.sgemmGflops = sgemm
      return sample
    }
  }

  /// Trains stacked clients on each worker.
  ///
  /// - Returns: the floating-point operations of all matrix products.
  @discardableResult
  private static func run(
    _ setup: TrainingSetup, _ batches: [[Int]], on pool: WorkerPool
  ) -> Int64 {
    pool.map(Array(0..<pool.count)) {
      [trainer = setup.trainer, start = setup.start, tasks = setup.tasks(batches)] _, context in
      let before = context.matrixProductFLOPs
      _ = trainer.train(tasks, from: start, context)
      return context.matrixProductFLOPs - before
    }.reduce(0, +)
  }

  /// One worker per core, or as many as fit in memory.
  private static func workers(_ setup: TrainingSetup, _ cost: TracedCost) -> Int {
    // In addition to the step itself: its result, and intermediate copies.
    let each = cost.peakBytes + 16 * setup.start.count
    return (availableMemory() / each).clamped(to: 1...ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The machine's free memory in bytes, or its total memory if unknown.
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
