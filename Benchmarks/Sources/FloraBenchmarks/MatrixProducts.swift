import Foundation

@testable import FederatedSimulation
@testable import Tensors

/// The peak of the BLAS library on this machine: 2048 by 2048 products, one per worker.
enum MatrixProducts {
  private static let size = 2048
  private static let repeats = 6

  static let cases = [
    Case(benchmark: "matrix-product/float32", implementation: "flora") { repeats in
      let pool = WorkerPool(workers: ProcessInfo.processInfo.activeProcessorCount)
      return (0..<repeats).map { _ in
        let gflops = best(on: pool)
        return Sample(
          milliseconds: 1e3 * flops / (gflops * 1e9), workers: pool.count, gflops: gflops)
      }
    }
  ]

  private static var flops: Double { 2 * Double(size * size * size) }

  /// The best GFLOP/s of all workers together.
  static func best(on pool: WorkerPool) -> Double {
    pool.map(Array(0..<pool.count), rate).reduce(0, +)
  }

  /// The GFLOP/s of one worker while the others are equally busy.
  @Sendable private static func rate(_ worker: Int, _ context: ComputeContext) -> Double {
    let ones = context.matrix(size, size, copying: [Float](repeating: 1, count: size * size))
    let product = context.matrix(size, size)
    let times = (0..<repeats).map { _ in
      seconds { context.multiply(ones.view, .asIs, ones.view, into: product.view) }
    }
    return flops / times.min()! / 1e9
  }
}
