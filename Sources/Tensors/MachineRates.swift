/// The sustained float32 rates of this machine with all workers together.
package struct MachineRates: Sendable {
  /// A measured rate: the median over intervals, and their minimum and maximum.
  package struct Rate: Sendable {
    package let median: Double
    package let range: ClosedRange<Double>

    fileprivate init(_ rates: [Double]) {
      let sorted = rates.sorted()
      median = sorted[sorted.count / 2]
      range = sorted[0]...sorted[sorted.count - 1]
    }
  }

  /// Operations per second of matrix products, 2 m n k each: 1,600 rows of 768 times [768, 3072],
  /// an MLP layer of ViT-B/32 on 32 images.
  package let compute: Rate
  /// Bytes read and written per second by an elementwise pass over three tensors of 32 MB each,
  /// more than caches hold.
  package let memoryBandwidth: Rate

  /// - Parameter interval: the duration of each of the five measurements of a rate.
  package init(workers: Int, interval: Duration = .milliseconds(600)) {
    let pool = WorkerPool(workers: workers)
    func rate(_ work: @escaping @Sendable (ComputeContext, Duration) -> Double) -> Rate {
      Rate(
        (0..<5).map { _ in
          pool.map(Array(0..<workers)) { _, context in work(context, interval) }.reduce(0, +)
        })
    }
    compute = rate(Self.productRate)
    memoryBandwidth = rate(Self.passRate)
  }

  private static func productRate(_ context: ComputeContext, _ interval: Duration) -> Double {
    let (rows, inputs, outputs) = (1600, 768, 3072)
    let x = context.matrix(rows, inputs, zeroed: true)
    let weight = context.matrix(inputs, outputs, zeroed: true)
    let y = context.matrix(rows, outputs)
    defer { for matrix in [x, weight, y] { matrix.recycle() } }
    return perSecond(2 * rows * inputs * outputs, interval) {
      context.multiply(x.view, .asIs, weight.view, .asIs, into: y.view)
    }
  }

  private static func passRate(_ context: ComputeContext, _ interval: Duration) -> Double {
    let count = 8_000_000
    let (a, x) = (
      context.matrix(1, count, zeroed: true), context.matrix(1, count, zeroed: true)
    )
    defer { for matrix in [a, x] { matrix.recycle() } }
    return perSecond(3 * 4 * count, interval) { context.mix(a, x, ratio: 0.5).recycle() }
  }

  /// The rate per second of `work`, each call of which does `amount`.
  private static func perSecond(_ amount: Int, _ interval: Duration, _ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    work()
    let start = clock.now
    var times = 0
    repeat {
      work()
      times += 1
    } while clock.now - start < interval
    return Double(times * amount) / ((clock.now - start) / .seconds(1))
  }
}
