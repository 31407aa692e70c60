import TestSupport
import Testing

@testable import Tensors

/// A linear layer with a low-rank update against the dense layer W + scale B A.
struct LinearTests {
  @Test(arguments: LinearSample.sizes)
  func `the output is that of the dense layer`(sample: LinearSample) {
    let (y, _) = sample.run()
    #expect(relativeError(y, sample.naive.y) < 1e-6)
  }

  @Test(arguments: LinearSample.sizes, [false, true])
  func `all gradients are those of the dense layer`(sample: LinearSample, accumulating: Bool) {
    let (_, gradients) = sample.run(accumulating: accumulating)
    let naive = sample.naive
    let one: Double = 1
    for (name, expected) in naive.gradients {
      // Gradients of parameters start at one and are added to; the input's is written or added.
      let start = name == "x" && !accumulating ? 0 : one
      #expect(relativeError(gradients[name]!, expected.map { $0 + start }) < 1e-6, "\(name)")
    }
  }

  @Test(arguments: ["x", "weight", "bias", "a", "b"])
  func `only the gradients that are wanted are computed, and they are the same`(wanted: String) {
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
    func layer(_ update: LowRankUpdate?) -> Linear {
      Linear(inputs: 1, outputs: 1, weight: frozen, bias: frozen, update: update)
    }
    #expect(!layer(nil).isTrained)
    #expect(!layer(LowRankUpdate(a: frozen, b: frozen, rank: 1, scale: 1)).isTrained)
    #expect(layer(LowRankUpdate(a: trained, b: frozen, rank: 1, scale: 1)).isTrained)
    #expect(layer(LowRankUpdate(a: frozen, b: trained, rank: 1, scale: 1)).isTrained)
  }
}
