import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensors

/// The kernels of each instruction level. Each test runs in a separate process, because the level is
/// process-wide.
struct KernelLevelTests {
  @Test func `each level that the processor supports can be selected, and others cannot`() async {
    await #expect(processExitsWith: .success) {
      for level in Self.levels {
        setenv("FLORA_KERNELS", level, 1)
        #expect(BLAS.unknownKernels == nil)
        #expect(flora_kernels_use(level))
        #expect(String(cString: flora_kernels_level()) == level)
      }
      setenv("FLORA_KERNELS", "baseline,emulate-bfloat16", 1)
      #expect(BLAS.unknownKernels == nil)
      #expect(flora_kernels_emulate_bfloat16())
      for wrong in ["abacus", "avx", "baseline,", "baseline;avx2", ",baseline"] {
        setenv("FLORA_KERNELS", wrong, 1)
        #expect((BLAS.unknownKernels == nil) == (wrong == "baseline,"))
        #expect(!flora_kernels_use(wrong))
      }
    }
  }

  @Test func `the environment selects the level at the first call`() async {
    await #expect(processExitsWith: .success) {
      setenv("FLORA_KERNELS", "baseline", 1)
      #if !canImport(Accelerate)
        #expect(BLAS.kernels.hasPrefix("flora baseline, "))
      #endif
      #expect(!flora_bfloat16_is_native())
    }
  }

  @Test func `products match the naive ones on each level, with any shape and alignment`() async {
    await #expect(processExitsWith: .success) {
      for level in Self.levels {
        try #require(flora_kernels_use(level))
        for (m, n, k) in Self.shapes {
          for layout in Layout.all {
            let sample = Sample(m, n, k, layout)
            #expect(
              relativeError(sample.product(), sample.expected) < 2e-6,
              "\(level), \(m) x \(k) x \(n), \(layout)")
          }
          Self.expectPackedProducts(m, n, k, level)
        }
      }
    }
  }

  @Test func `levels with fused multiply-add give the same bits`() async {
    await #expect(processExitsWith: .success) {
      let levels = Self.levels.filter { $0 != "baseline" }
      for (m, n, k) in Self.shapes {
        for layout in Layout.all {
          let sample = Sample(m, n, k, layout)
          let products = levels.map { level in
            flora_kernels_use(level)
            return sample.product().map(\.bitPattern)
          }
          #expect(products.allSatisfy { $0 == products[0] }, "\(m) x \(k) x \(n), \(layout)")
        }
      }
    }
  }

  @Test func `a row's bits do not depend on other rows, on each level`() async {
    await #expect(processExitsWith: .success) {
      for level in Self.levels {
        try #require(flora_kernels_use(level))
        for (n, k) in [(2, 192), (9, 40), (40, 130)] {
          let sample = Sample(200, n, k, Layout(a: false, b: true))
          let whole = sample.product()
          for rows in [1, 2, 6, 12, 24, 25, 47, 192, 193] {
            let part = sample.product(rows: rows)
            #expect(part == Array(whole.prefix(rows * n)), "\(level), \(rows) of \(n) x \(k)")
          }
        }
      }
    }
  }

  @Test func `NaN reaches every sum that contains it, and no other`() async {
    await #expect(processExitsWith: .success) {
      for level in Self.levels {
        try #require(flora_kernels_use(level))
        for (m, n, k) in Self.shapes where m > 1 && n > 1 && k > 1 {
          for layout in Layout.all {
            var sample = Sample(m, n, k, layout)
            // NaN is the last term of the last row, and the last term of the first column.
            sample.poison()
            for (index, sum) in sample.product().enumerated() {
              let isReached = index / n == m - 1 || index % n == 0
              #expect(sum.isNaN == isReached, "\(level), \(m) x \(k) x \(n), \(layout), \(index)")
            }
          }
        }
      }
    }
  }

  // MARK: -

  private static var levels: [String] { BLAS.levels }

  /// Edges of blocks and lanes, chunks of rows and terms, terms far apart, few columns, and no terms.
  private static let shapes = [
    (1, 1, 1), (2, 1, 16), (3, 2, 17), (5, 8, 33), (7, 9, 5), (12, 16, 12), (13, 32, 3),
    (25, 33, 40), (35, 2, 192), (35, 48, 2), (49, 15, 31), (2, 192, 35), (192, 2, 35),
    (193, 31, 64), (50, 40, 300), (400, 20, 257), (30, 64, 512), (1100, 20, 300), (4, 3, 0),
    (25, 17, 0),
  ]

  private static func expectPackedProducts(_ m: Int, _ n: Int, _ k: Int, _ level: String) {
    let context = ComputeContext()
    let x = randomNumbers(m * k, seed: 4)
    let weight = context.matrix(n, max(1, k), copying: randomNumbers(n * max(1, k), seed: 5))
    guard k > 0 else { return }
    let packed = PackedWeight(weight.base, inputs: k, outputs: n)
    let y = context.matrix(m, n)
    packed.multiply(context.matrix(m, k, copying: x), into: y, start: .nothing, context)
    let expected = (0..<m * n).map { place in
      (0..<k).reduce(0.0) {
        $0 + Double(x[place / n * k + $1]) * Double(weight.base[place % n * k + $1])
      }
    }
    #expect(relativeError(y.elements, expected) < 2e-6, "\(level), packed, \(m) x \(k) x \(n)")
  }
}

/// Which operands are transposed.
private struct Layout: CustomStringConvertible {
  let a: Bool
  let b: Bool

  static let all = [(false, false), (false, true), (true, false), (true, true)].map(Layout.init)

  var description: String { "\(a ? "a'" : "a") \(b ? "b'" : "b")" }
}

/// Operands that start in the middle of a cache line.
private struct Sample {
  private let (m, n, k): (Int, Int, Int)
  private let layout: Layout
  private var a: [Float]
  private var b: [Float]
  private static let offset = 3

  init(_ m: Int, _ n: Int, _ k: Int, _ layout: Layout) {
    (self.m, self.n, self.k) = (m, n, k)
    self.layout = layout
    a = randomNumbers(m * k + Self.offset, seed: 1)
    b = randomNumbers(n * k + Self.offset, seed: 2)
  }

  private func placeInA(_ row: Int, _ term: Int) -> Int {
    Self.offset + (layout.a ? term * m + row : row * k + term)
  }

  private func placeInB(_ term: Int, _ column: Int) -> Int {
    Self.offset + (layout.b ? column * k + term : term * n + column)
  }

  mutating func poison() {
    a[placeInA(m - 1, k - 1)] = .nan
    b[placeInB(k - 1, 0)] = .nan
  }

  /// The first rows of 1 + a b / 2.
  func product(rows: Int? = nil) -> [Float] {
    let rows = rows ?? m
    var c = [Float](repeating: 1, count: rows * n + 1)
    c.withUnsafeMutableBufferPointer { c in
      c[rows * n] = 7
      var scratch = [Float](repeating: .nan, count: flora_multiply_scratch(rows, n, k))
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          flora_multiply(
            c.baseAddress!, n, c.baseAddress!, n, 0.5, a.baseAddress! + Self.offset,
            layout.a ? 1 : k, layout.a ? m : 1, b.baseAddress! + Self.offset, layout.b ? 1 : n,
            layout.b ? k : 1, rows, n, k, &scratch)
        }
      }
      #expect(c[rows * n] == 7, "nothing is written after the result")
    }
    return Array(c.dropLast())
  }

  var expected: [Double] {
    (0..<m * n).map { place in
      let sum = (0..<k).reduce(0.0) {
        $0 + Double(a[placeInA(place / n, $1)]) * Double(b[placeInB($1, place % n)])
      }
      return 1 + sum / 2
    }
  }
}
