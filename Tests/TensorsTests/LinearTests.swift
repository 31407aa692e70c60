import TestSupport
import Testing

@testable import Tensors

/// A linear layer with a low-rank update compared with the dense layer W + scale B A.
struct LinearTests {
  @Test(arguments: LinearSample.sizes)
  func `the output matches the dense layer's`(sample: LinearSample) {
    let (y, _) = sample.run()
    #expect(relativeError(y, sample.naive.y) < 1e-6)
  }

  @Test(arguments: LinearSample.sizes, [false, true])
  func `all gradients match the dense layer's`(sample: LinearSample, accumulating: Bool) {
    let (_, gradients) = sample.run(accumulating: accumulating)
    let naive = sample.naive
    let one: Double = 1
    for (name, expected) in naive.gradients {
      // Parameter gradients start at one and are accumulated; the input's is written or added.
      let start = name == "x" && !accumulating ? 0 : one
      #expect(relativeError(gradients[name]!, expected.map { $0 + start }) < 1e-6, "\(name)")
    }
  }

  @Test(arguments: ["x", "weight", "bias", "a", "b"])
  func `only requested gradients are computed, and they are unchanged`(wanted: String) {
    let sample = LinearSample.sizes[1]
    let whole = sample.run().gradients
    let part = sample.run(wanted: [wanted]).gradients
    for (name, gradient) in part {
      #expect(gradient == (name == wanted ? whole[name]! : gradient.map { _ in 1 }), "\(name)")
    }
  }

  @Test func `a frozen layer without updates is not trained, and one with a trained factor is`() {
    let value = UnsafePointer(ComputeContext.untouched)
    let frozen = Parameter(value: value)
    let trained = Parameter(value: value, gradient: ComputeContext.untouched)
    func layer(_ updates: [LowRankUpdate]) -> Linear {
      Linear(
        inputs: 1, outputs: 1, weight: frozen, bias: frozen,
        update: updates.isEmpty ? nil : LowRankUpdates(updates))
    }
    #expect(!layer([]).isTrained)
    #expect(!layer([LowRankUpdate(a: frozen, b: frozen, rank: 1, scale: 1)]).isTrained)
    #expect(layer([LowRankUpdate(a: trained, b: frozen, rank: 1, scale: 1)]).isTrained)
    #expect(layer([LowRankUpdate(a: frozen, b: trained, rank: 1, scale: 1)]).isTrained)
  }

  @Test func `several clients share a weight, each with its own factors`() {
    let context = ComputeContext()
    let (inputs, outputs, rank) = (5, 7, 2)
    let parts = [0..<3, 3..<4, 4..<9]
    func random(_ count: Int, _ seed: Int) -> Matrix {
      context.matrix(1, count, copying: randomNumbers(count, seed: UInt64(seed)))
    }
    let weight = random(outputs * inputs, 1)
    let values = parts.indices.map {
      (a: random(rank * inputs, 10 + $0), b: random(outputs * rank, 20 + $0))
    }
    let x = context.matrix(9, inputs, copying: randomNumbers(9 * inputs, seed: 2))
    let dy = context.matrix(9, outputs, copying: randomNumbers(9 * outputs, seed: 3))
    func gradients() -> [(a: Matrix, b: Matrix)] {
      parts.map { _ in
        (context.matrix(rank, inputs, zeroed: true), context.matrix(outputs, rank, zeroed: true))
      }
    }
    func layer(_ clients: [Int], _ gradients: [(a: Matrix, b: Matrix)]) -> Linear {
      Linear(
        inputs: inputs, outputs: outputs, weight: Parameter(value: weight.base), bias: nil,
        update: LowRankUpdates(
          clients.map {
            LowRankUpdate(
              a: Parameter(value: values[$0].a.base, gradient: gradients[$0].a.base),
              b: Parameter(value: values[$0].b.base, gradient: gradients[$0].b.base), rank: rank,
              scale: 3)
          }))
    }
    let (stacked, alone) = (gradients(), gradients())
    let together = layer([0, 1, 2], stacked)
    let (y, saved) = together.forward(x, parts: parts, context)
    let dx = context.matrix(9, inputs)
    together.backward(dy, input: x, saved: saved, into: dx, parts: parts, context)
    for (client, part) in parts.enumerated() {
      func rows(_ matrix: Matrix) -> Matrix { context.gather(matrix, part.map { Int32($0) }) }
      let single = layer([client], alone)
      let own = rows(x)
      let (yAlone, savedAlone) = single.forward(own, context)
      let dxAlone = context.matrix(part.count, inputs)
      single.backward(rows(dy), input: own, saved: savedAlone, into: dxAlone, context)
      #expect(relativeError(rows(y).elements, yAlone.elements) < 1e-6)
      #expect(relativeError(rows(dx).elements, dxAlone.elements) < 1e-6)
      #expect(relativeError(stacked[client].a.elements, alone[client].a.elements) < 1e-6)
      #expect(relativeError(stacked[client].b.elements, alone[client].b.elements) < 1e-6)
    }
    withExtendedLifetime((weight, values)) {}
  }
}
