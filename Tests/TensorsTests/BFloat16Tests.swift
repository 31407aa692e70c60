import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Products in bfloat16 compared with a loop that rounds and adds one number at a time.
@Suite(.serialized) struct BFloat16Tests {
  @Test func `numbers are rounded to nearest, ties to even`() {
    let numbers =
      randomNumbers(1000, seed: 1) + Numbers.tiny.numbers(1000, seed: 2)
      + Numbers.huge.numbers(1000, seed: 3)
      // Ties in both directions; what rounds up to infinity; and the largest number that does not.
      + [0x3f80_8000, 0x3f81_8000, 0xbf81_8000, 0x7f7f_8000, 0x7f7f_7fff].map(
        Float.init(bitPattern:))
    for (rounded, number) in zip(round(numbers), numbers) {
      #expect(rounded.bitPattern == Self.nearest(number).bitPattern, "\(number)")
    }
  }

  @Test func `NaN and infinities are preserved, and subnormal numbers become zero`() {
    let smallest = Float.leastNormalMagnitude
    let special: [Float] = [
      .infinity, -.infinity, smallest, smallest.nextDown, -smallest.nextDown, 0, -0.0,
    ]
    let expected: [Float] = [.infinity, -.infinity, smallest, 0, -0.0, 0, -0.0]
    #expect(round(special).map(\.bitPattern) == expected.map(\.bitPattern))
    // A NaN whose payload is in the truncated half.
    #expect(round([.nan, Float(bitPattern: 0x7f80_0001)]).allSatisfy { $0.isNaN })
  }

  @Test(arguments: Numbers.allCases, [true, false])
  func `products match the loop to the last bit, in hardware and emulated`(
    numbers: Numbers, native: Bool
  ) {
    flora_bfloat16_use_native(native)
    defer { flora_bfloat16_use_native(true) }
    for (m, n, k) in [
      (1, 1, 1), (3, 17, 5), (8, 32, 7), (17, 1, 64), (64, 129, 3), (5, 48, 129), (100, 40, 33),
      (2, 16, 900), (9, 2, 401),
    ] {
      for (aOperand, bOperand) in Self.operands {
        for (alpha, beta) in [(1, 0), (1, 1), (0.5, 1), (-2, 0.25)] as [(Float, Float)] {
          let sample = Sample(numbers, m, n, k, aOperand, bOperand)
          let actual = sample.product(alpha: alpha, beta: beta)
          let expected = sample.loop(alpha: alpha, beta: beta)
          #expect(
            zip(actual, expected).allSatisfy {
              $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
            }, "\(m) x \(k) x \(n), \(aOperand) \(bOperand), \(alpha) \(beta)")
        }
      }
    }
  }

  @Test func `sums match those of the rounded numbers, within float32's error`() {
    for (aOperand, bOperand) in Self.operands {
      let (m, n, k) = (20, 48, 300)
      let sample = Sample(.ordinary, m, n, k, aOperand, bOperand)
      for (index, sum) in sample.product(alpha: 1, beta: 0).enumerated() {
        let terms = (0..<k).map {
          Double(Self.nearest(sample.a(index / n, $0)))
            * Double(Self.nearest(sample.b($0, index % n)))
        }
        let bound = Double(k) * 0x1p-24 * terms.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(sum) - terms.reduce(0, +)) <= bound)
      }
    }
  }

  @Test(arguments: [5, 24, 48, 64])
  func `a packed weight gives the same products as an unpacked one, with any other rows`(width: Int)
  {
    let (inputs, outputs, rows) = (width, 3 * width + 8, 200)
    let context = ComputeContext()
    context.precision = .bfloat16
    let weight = context.matrix(outputs, inputs, copying: randomNumbers(outputs * inputs, seed: 1))
    let packed = PackedWeight(
      weight.base, inputs: inputs, outputs: outputs, precision: .bfloat16)
    let bias = context.matrix(1, outputs, copying: randomNumbers(outputs, seed: 2))
    let x = context.matrix(rows, inputs, copying: randomNumbers(rows * inputs, seed: 3))
    let dy = context.matrix(rows, outputs, copying: randomNumbers(rows * outputs, seed: 4))
    for start in [ProductStart.nothing, .result, .row(bias.base)] {
      let y = context.matrix(rows, outputs, copying: .init(repeating: 1, count: rows * outputs))
      context.multiply(x, weight: weight.view, transposed: true, into: y, start: start)
      for count in [1, 2, 7, 8, 9, 95, 96, 97, 200] {
        let part = context.matrix(
          count, outputs, copying: .init(repeating: 1, count: count * outputs))
        packed.multiply(
          Matrix(reading: x.base, rows: count, columns: inputs), into: part, start: start, context)
        #expect(part.elements == Array(y.elements.prefix(count * outputs)))
      }
    }
    let (dx, packedDx) = (context.matrix(rows, inputs), context.matrix(rows, inputs))
    context.multiply(dy, weight: weight.view, transposed: false, into: dx, start: .nothing)
    packed.multiplyBack(dy, into: packedDx, start: .nothing, context)
    #expect(dx.elements == packedDx.elements)
  }

  @Test func `a gradient is the same whether rows are added at once or in parts`() {
    let (inputs, outputs, rows) = (64, 13, 900)
    let context = ComputeContext()
    context.precision = .bfloat16
    let dy = context.matrix(rows, outputs, copying: randomNumbers(rows * outputs, seed: 1))
    let x = context.matrix(rows, inputs, copying: randomNumbers(rows * inputs, seed: 2))
    func gradient(_ pieces: [Range<Int>]) -> [Float] {
      let gradient = context.matrix(outputs, inputs, zeroed: true)
      for piece in pieces {
        context.addTransposedProduct(
          Matrix(
            reading: dy.base + piece.lowerBound * outputs, rows: piece.count, columns: outputs),
          Matrix(reading: x.base + piece.lowerBound * inputs, rows: piece.count, columns: inputs),
          to: gradient.base)
      }
      return gradient.elements
    }
    #expect(gradient([0..<900]) == gradient([0..<2, 2..<388, 388..<900]))
  }

  @Test(arguments: AttentionSight.all, [TokenRows.Queries.all, .pooled])
  func `attention multiplies rounded numbers, with a float32 softmax`(
    sight: AttentionSight, queries: TokenRows.Queries
  ) {
    let sample = AttentionSample(sight, queries, headWidth: 16)
    let context = ComputeContext()
    let weights = randomNumbers(sample.inputs(context).q.count, seed: 4)
    func run(_ precision: Precision, rounding: Bool) -> [[Float]] {
      context.precision = precision
      let (q, k, v) = sample.inputs(context)
      let dy = context.matrix(q.rows, q.columns, copying: weights)
      if rounding {
        for matrix in [q, k, v, dy] {
          flora_bfloat16_round(matrix.base, matrix.base, matrix.count)
        }
      }
      let (mixed, p) = sample.attention.forward(q: q, k: k, v: v, sample.rows, queries, context)
      let (dq, dk, dv) = sample.attention.backward(
        dy, q: q, k: k, v: v, probabilities: p, sample.rows, queries, context)
      return [p, mixed, dq, dk, dv].map(\.elements)
    }
    let actual = run(.bfloat16, rounding: false)
    let rounded = run(.float32, rounding: true)
    // The probabilities have rounded operands, but are not rounded themselves.
    #expect(actual[0] == rounded[0])
    for (actual, exact) in zip(actual, run(.float32, rounding: false)).dropFirst() {
      let error = relativeError(actual, exact)
      #expect(error < 0.03)
    }
  }

  @Test func `every product of a linear layer is in bfloat16`() {
    for sample in LinearSample.sizes {
      let actual = sample.run(precision: .bfloat16)
      let (y, gradients) = sample.naive
      #expect(relativeError(actual.y, y) < 0.03)
      for (name, expected) in gradients {
        // Each was one before and is accumulated, except for the input's.
        let before: Float = name == "x" ? 0 : 1
        let error = relativeError(actual.gradients[name]!.map { $0 - before }, expected)
        #expect(error < 0.05, "\(name)")
        if name != "bias" { #expect(error > 1e-5, "\(name)") }
      }
    }
  }

  private static let operands: [(ComputeContext.Operand, ComputeContext.Operand)] = [
    (.asIs, .asIs), (.asIs, .transposed), (.transposed, .asIs), (.transposed, .transposed),
  ]

  private func round(_ numbers: [Float]) -> [Float] {
    var rounded = numbers
    flora_bfloat16_round(&rounded, numbers, numbers.count)
    return rounded
  }

  /// The nearest number with seven fraction bits to a normal number, by definition.
  static func nearest(_ number: Float) -> Float {
    guard number.isFinite else { return number }
    guard number.isNormal else { return number.sign == .minus ? -0.0 : 0 }
    let unit = Double(number.binade) * 0x1p-7
    // Float's own conversion handles overflow.
    let rounded = (Double(number.magnitude) / unit).rounded(.toNearestOrEven) * unit
    return Float(number.sign == .minus ? -rounded : rounded)
  }

  /// The operands' values.
  enum Numbers: CaseIterable {
    case ordinary
    /// So small that products are subnormal, or their sums.
    case tiny
    /// So large that products are infinite, and some sums are NaN.
    case huge
    /// Including infinities and NaN.
    case invalid

    func numbers(_ count: Int, seed: UInt64) -> [Float] {
      let numbers = randomNumbers(count, seed: seed)
      switch self {
      case .ordinary: return numbers
      case .tiny:
        return numbers.enumerated().map { $1 * 0x1p-62 * (1 / Float(1 << ($0 % 3 * 2))) }
      case .huge: return numbers.enumerated().map { $1 * ($0 % 5 == 0 ? 0x1p63 : 0x1p60) }
      case .invalid:
        return numbers.enumerated().map {
          $0 % 97 == 0 ? .nan : $0 % 41 == 0 ? .infinity : $0 % 53 == 0 ? -0.0 : $1
        }
      }
    }
  }

  /// Two operands, and the previous contents of the result.
  private struct Sample {
    let m: Int, n: Int, k: Int
    let aOperand: ComputeContext.Operand, bOperand: ComputeContext.Operand
    let left: [Float], right: [Float], before: [Float]

    init(
      _ numbers: Numbers, _ m: Int, _ n: Int, _ k: Int, _ aOperand: ComputeContext.Operand,
      _ bOperand: ComputeContext.Operand
    ) {
      (self.m, self.n, self.k) = (m, n, k)
      (self.aOperand, self.bOperand) = (aOperand, bOperand)
      left = numbers.numbers(m * k, seed: 1)
      right = numbers.numbers(k * n, seed: 2)
      before = numbers.numbers(m * n, seed: 3)
    }

    func a(_ row: Int, _ term: Int) -> Float {
      left[aOperand == .asIs ? row * k + term : term * m + row]
    }

    func b(_ term: Int, _ column: Int) -> Float {
      right[bOperand == .asIs ? term * n + column : column * k + term]
    }

    func product(alpha: Float, beta: Float) -> [Float] {
      let context = ComputeContext()
      context.precision = .bfloat16
      let a = aOperand == .asIs ? (m, k) : (k, m)
      let b = bOperand == .asIs ? (k, n) : (n, k)
      let c = context.matrix(m, n, copying: before)
      let (x, y) = (
        context.matrix(a.0, a.1, copying: left), context.matrix(b.0, b.1, copying: right)
      )
      context.multiply(
        x.view, aOperand, y.view, bOperand, into: c.view, alpha: alpha, beta: beta)
      // Released memory is reused by the next matrix of its size.
      return withExtendedLifetime((x, y)) { c.elements }
    }

    /// As described in the manual of vdpbf16ps: the second product of each pair first, each with one
    /// rounding, and no subnormal numbers. Sums start with the previous contents if only whole registers are
    /// written and there is no factor.
    func loop(alpha: Float, beta: Float) -> [Float] {
      let isDirect = n % 16 == 0 && alpha == 1 && (beta == 0 || beta == 1)
      func flushed(_ x: Float) -> Float { x.isSubnormal ? (x.sign == .minus ? -0.0 : 0) : x }
      return (0..<m * n).map { index in
        let (row, column) = (index / n, index % n)
        var sum: Float = isDirect && beta == 1 ? flushed(before[index]) : 0
        for term in stride(from: 0, to: k, by: 2) {
          for term in [term + 1, term] {
            let (x, y) =
              term < k
              ? (
                BFloat16Tests.nearest(a(row, term)), BFloat16Tests.nearest(b(term, column))
              ) : (0, 0)
            sum = flushed(sum.addingProduct(x, y))
          }
        }
        if isDirect { return sum }
        return beta == 0 ? alpha * sum : alpha * sum + beta * before[index]
      }
    }
  }
}
