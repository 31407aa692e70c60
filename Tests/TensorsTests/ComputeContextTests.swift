import CKernels
import TestSupport
import Testing

@testable import Tensors

/// Memory reuse and counters of a context.
struct ComputeContextTests {
  @Test func `released memory is reused, also for nearly the same size`() {
    let context = ComputeContext()
    let first = context.matrix(10, 10)
    let address = first.base
    first.recycle()
    // 100 and 104 elements both take a block of 104; 105 take one of 112.
    let second = context.matrix(8, 13)
    #expect(second.base == address)
    second.recycle()
    let third = context.matrix(1, 105)
    #expect(third.base != address)
    third.recycle()
  }

  @Test func `a matrix is released once, explicitly or with its last reference`() {
    let context = ComputeContext()
    do {
      let matrix = context.matrix(2, 3)
      matrix.recycle()
      matrix.recycle()
      #expect(context.liveBytes == 0)
    }
    #expect(context.liveBytes == 0)
    do { _ = context.matrix(2, 3) }
    #expect(context.liveBytes == 0)
    let (one, other) = (context.matrix(2, 3), context.matrix(2, 3))
    #expect(one.base != other.base)
    withExtendedLifetime((one, other)) {}
  }

  @Test(.enabled(if: flora_use_is_watched()))
  func `use after release is reported under a sanitizer`() async {
    await #expect(processExitsWith: .failure) {
      let matrix = ComputeContext().matrix(2, 3, zeroed: true)
      let base = matrix.base
      matrix.recycle()
      print(base[0])
    }
  }

  @Test func `matrices are cache-line aligned and hold their initial values`() {
    let context = ComputeContext()
    for count in [1, 3, 17, 64, 129, 1000] {
      let dirty = context.matrix(1, count, copying: .init(repeating: 7, count: count))
      #expect(Int(bitPattern: dirty.base) % 64 == 0)
      #expect(dirty.elements == .init(repeating: 7, count: count))
      dirty.recycle()
      let zeroed = context.matrix(1, count, zeroed: true)
      #expect(zeroed.elements == .init(repeating: 0, count: count))
      zeroed.recycle()
    }
  }

  @Test(arguments: [true, false])
  func `live and peak bytes are four per live element`(computes: Bool) {
    let context = ComputeContext(computes: computes)
    let a = context.matrix(3, 5)
    let b = context.matrix(1, 100)
    #expect(context.liveBytes == 60 + 400)
    b.recycle()
    let c = context.matrix(2, 2)
    #expect(context.liveBytes == 60 + 16)
    #expect(context.peakBytes == 460)
    context.resetPeak()
    #expect(context.peakBytes == 76)
    let d = context.matrix(0, 9)
    #expect(context.liveBytes == 76)
    for matrix in [a, c, d] { matrix.recycle() }
    #expect(context.liveBytes == 0)
    #expect(context.peakBytes == 76)
  }

  @Test(arguments: [true, false])
  func `a product counts two operations per term`(computes: Bool) {
    let context = ComputeContext(computes: computes)
    let a = context.matrix(3, 5, zeroed: true)
    let b = context.matrix(5, 7, zeroed: true)
    context.multiply(a.view, .asIs, b.view, .asIs, into: context.matrix(3, 7).view)
    #expect(context.matrixProductFLOPs == 2 * 3 * 7 * 5)
    context.multiply(a.view, .transposed, a.view, .asIs, into: context.matrix(5, 5).view)
    #expect(context.matrixProductFLOPs == 210 + 2 * 5 * 5 * 3)
  }

  @Test func `tracing a layer counts its operations and memory`() {
    let computed = cost(ComputeContext())
    let traced = cost(ComputeContext(computes: false))
    #expect(computed == traced)
    // Two sequences of 3 and 1 rows, 4 columns: a 4 x 4 layer forward and backward twice, attention
    // over squares of 3 and 1, two products forward and four back.
    #expect(traced.flops == 3 * 2 * 4 * 4 * 4 + 6 * 2 * (3 * 3 + 1) * 4)
    // Live at the peak: the weight and its gradient, x, y, mixed, dq, dk, dv (each 4 x 4), 2 heads'
    // probabilities of 10, and the scratch of the longest sequence.
    #expect(traced.peak == 4 * (8 * 16 + 20 + Int64(flora_attention_scratch(3, 2))))
  }

  private func cost(_ context: ComputeContext) -> (flops: Int64, peak: Int64) {
    let weight = context.matrix(4, 4, zeroed: true)
    let gradient = context.matrix(4, 4, zeroed: true)
    let x = context.matrix(4, 4, zeroed: true)
    let layer = Linear(
      inputs: 4, outputs: 4, weight: Parameter(value: weight.base, gradient: gradient.base),
      bias: nil)
    let attention = Attention(heads: 2, width: 4)
    let sequences = TokenRows(sequences: [3, 1], causal: true, pooled: [2, 3])
    let (y, _) = layer.forward(x, context)
    let (mixed, probabilities) = attention.forward(
      q: y, k: y, v: y, sequences, .all, context)
    let (dq, dk, dv) = attention.backward(
      mixed, q: y, k: y, v: y, probabilities: probabilities, sequences, .all, context)
    for matrix in [mixed, probabilities, dk, dv] { matrix.recycle() }
    let dx = context.matrix(4, 4)
    layer.backward(dq, input: x, saved: nil, into: dx, context)
    for matrix in [dx, dq, y, x, gradient, weight] { matrix.recycle() }
    return (context.matrixProductFLOPs, context.peakBytes)
  }
}
