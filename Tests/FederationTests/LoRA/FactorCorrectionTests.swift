import Adaptation
import TestSupport
import Testing

@testable import Federation

/// LoRA-FAIR's correction against its definition, over dense products.
struct FactorCorrectionTests {
  /// 1 - cos(W, (B + D) A) + lambda |D|, from dense matrices.
  private static func objective(
    _ b: [Double], _ d: [Double], _ a: [Double], _ w: [Double], rank: Int, inputs: Int,
    penalty: Double
  ) -> Double {
    let outputs = b.count / rank
    var (inner, product, target, length) = (0.0, 0.0, 0.0, 0.0)
    for row in 0..<outputs {
      for column in 0..<inputs {
        var value = 0.0
        for i in 0..<rank {
          value += (b[row * rank + i] + d[row * rank + i]) * a[i * inputs + column]
        }
        let wanted = w[row * inputs + column]
        inner += value * wanted
        product += value * value
        target += wanted * wanted
      }
    }
    for value in d { length += value * value }
    return 1 - inner / (product * target).squareRoot() + penalty * length.squareRoot()
  }

  private static func corrected(
    _ b: [Float], _ a: [Float], _ w: [Float], rank: Int, penalty: Double
  ) -> [Float] {
    let layer = LoRAShape.Layer(inputs: a.count / rank, outputs: b.count / rank)
    return FactorCorrection(
      of: b[...], times: a[...], toward: w[...], layer, rank: rank, penalty: penalty
    ).corrected
  }

  @Test func `without a penalty the product takes the mean's direction`() {
    // One input, so that B A is B's column: it turns from (2, 0) to the direction of (3, 4).
    let turned = Self.corrected([2, 0], [1], [3, 4], rank: 1, penalty: 0)
    #expect(abs(turned[1] / turned[0] - 4.0 / 3) < 1e-4)
    #expect(turned[0] > 0)
  }

  @Test func `the penalty stops the turn where its derivative equals the cosine's`() {
    // B + D = (2 + x, y); near B, cos(W, B + D) = (3 (2 + x) + 4 y) / (5 |B + D|).
    let penalty = 0.1
    let corrected = Self.corrected([2, 0], [1], [3, 4], rank: 1, penalty: penalty)
    var best = (value: Double.infinity, x: 0.0, y: 0.0)
    for i in -400...400 {
      for j in -400...400 {
        let (x, y) = (Double(i) / 200, Double(j) / 200)
        guard 2 + x != 0 || y != 0 else { continue }
        let value = Self.objective(
          [2, 0], [x, y], [1], [3, 4], rank: 1, inputs: 1, penalty: penalty)
        if value < best.value { best = (value, x, y) }
      }
    }
    #expect(best.y > 0.2)
    #expect(abs(Double(corrected[0]) - 2 - best.x) < 0.02)
    #expect(abs(Double(corrected[1]) - best.y) < 0.02)
    let own = Self.objective(
      [2, 0], [Double(corrected[0]) - 2, Double(corrected[1])], [1], [3, 4], rank: 1, inputs: 1,
      penalty: penalty)
    #expect(own <= best.value + 1e-9)
  }

  @Test func `a penalty above the cosine's slope leaves B as it is, to the bit`() {
    // The slope at B is sin / |B| = 0.8 / 2.
    #expect(Self.corrected([2, 0], [1], [3, 4], rank: 1, penalty: 0.41) == [2, 0])
    #expect(Self.corrected([2, 0], [1], [3, 4], rank: 1, penalty: 0.39) != [2, 0])
  }

  @Test func `B stays where the cosine is undefined`() {
    #expect(Self.corrected([0, 0], [1], [3, 4], rank: 1, penalty: 0.01) == [0, 0])
    #expect(Self.corrected([2, 1], [1], [0, 0], rank: 1, penalty: 0.01) == [2, 1])
    #expect(Self.corrected([2, 1], [0], [3, 4], rank: 1, penalty: 0.01) == [2, 1])
  }

  /// The minimum that PyTorch 2.15's L-BFGS finds by automatic differentiation of the definition in
  /// float64: ((B + D) @ A, W) with D.norm(), strong Wolfe line search, 20 times 500 iterations.
  @Test func `the correction is the minimum that PyTorch finds`() {
    let (b, a): ([Float], [Float]) = ([1, -2, 0.5, 1, -1, 3], [2, 0, 1, -1, 1, 0.5])
    let w: [Float] = [2, -3, 1, 0, 2, -1, -4, 1, 2]
    let corrected = Self.corrected(b, a, w, rank: 2, penalty: 0.01)
    let expected = [
      0.7625822266411021, -2.1209249599135345, 0.11305210499891394, 0.9814363297492357,
      -0.7530958062106108, 3.0564333117339175,
    ]
    for (value, expected) in zip(corrected, expected) {
      #expect(abs(Double(value) - expected) < 1e-4)
    }
    // There, PyTorch's D has a norm of 5e-10.
    #expect(Self.corrected(b, a, w, rank: 2, penalty: 0.05) == b)
  }

  @Test(arguments: [0, 0.003, 0.01, 0.03], [1, 3])
  func `no small step lowers the objective`(penalty: Double, rank: Int) {
    let (outputs, inputs) = (6, 9)
    let b = randomNumbers(outputs * rank, seed: 1)
    let a = randomNumbers(rank * inputs, seed: 2)
    // The mean of products, which has a higher rank.
    let w = randomNumbers(outputs * inputs, seed: 3)
    let corrected = Self.corrected(b, a, w, rank: rank, penalty: penalty)
    let d = zip(corrected, b).map { Double($0) - Double($1) }
    func objective(_ d: [Double]) -> Double {
      Self.objective(
        b.map(Double.init), d, a.map(Double.init), w.map(Double.init), rank: rank, inputs: inputs,
        penalty: penalty)
    }
    let reached = objective(d)
    #expect(reached < objective(d.map { _ in 0 }) - 1e-3)
    for place in d.indices {
      for step in [-1e-3, 1e-3] {
        var moved = d
        moved[place] += step
        #expect(objective(moved) > reached - 1e-7)
      }
    }
    for seed in 10..<20 {
      let direction = randomNumbers(d.count, seed: UInt64(seed), scale: 1e-3)
      #expect(objective(zip(d, direction).map { $0 + Double($1) }) > reached - 1e-7)
    }
  }

  @Test func `clients start from the mean A and the corrected mean B`() throws {
    var (fair, average) = (try LoRAFederation(.loraFAIR), try LoRAFederation(.average))
    for round in 1...2 as ClosedRange<UInt64> {
      let mean = fair.run(round)
      if round == 1 { _ = average.run(1) }
      let lora = fair.algorithm.lora
      let shape = lora.shape
      if round == 1 {
        #expect(
          lora.numbers(of: .a, in: fair.version.parameters)
            == lora.numbers(of: .a, in: average.version.parameters))
        #expect(
          lora.numbers(of: .b, in: fair.version.parameters)
            != lora.numbers(of: .b, in: average.version.parameters))
        var offset = 0
        for (index, layer) in shape.layers.enumerated() {
          let b = Array(
            average.version.parameters[shape.range(of: .b, index, rank: lora.size.rank)])
          let a = Array(
            average.version.parameters[shape.range(of: .a, index, rank: lora.size.rank)])
          let expected = Self.corrected(
            b, a, mean[offset..<offset + layer.count].map { Float($0) }, rank: lora.size.rank,
            penalty: 0.01)
          let actual = fair.version.parameters[shape.range(of: .b, index, rank: lora.size.rank)]
          #expect(relativeError(Array(actual), expected) < 1e-3)
          offset += layer.count
        }
      }
      let start = fair.clientModel(lora.size, from: fair.version, of: 0)
      #expect(start.parameters == fair.version.parameters)
    }
  }

  @Test func `the corrected product is nearer to the mean's direction than the product of means`()
    throws
  {
    var (fair, average) = (try LoRAFederation(.loraFAIR), try LoRAFederation(.average))
    let mean = fair.run(1)
    _ = average.run(1)
    func cosine(_ change: [Double]) -> Double {
      func dot(_ x: [Double], _ y: [Double]) -> Double {
        zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return dot(mean, change) / (dot(mean, mean) * dot(change, change)).squareRoot()
    }
    #expect(cosine(fair.versionChange) > cosine(average.versionChange) + 0.001)
  }
}
