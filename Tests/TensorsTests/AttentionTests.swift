import TestSupport
import Testing

@testable import Tensors

/// Attention over ragged sequences against a loop over rows in double precision, and its gradients
/// against central differences of that loop.
struct AttentionTests {
  private static let sequences = [[1], [4, 1, 7], [17, 3]].map { RaggedRows(lengths: $0) }

  @Test(arguments: sequences, [false, true])
  func `every row mixes the values of its own sequence`(sequences: RaggedRows, causal: Bool) {
    let sample = AttentionSample(sequences, causal: causal)
    let context = ComputeContext()
    let (q, k, v) = sample.inputs(context)
    let (mixed, probabilities) = sample.attention.forward(q: q, k: k, v: v, sequences, context)
    let naive = sample.naive()
    #expect(relativeError(mixed.elements, naive.mixed) < 1e-6)
    #expect(relativeError(probabilities.elements, naive.probabilities) < 1e-6)
  }

  @Test(arguments: sequences, [false, true])
  func `gradients are the slopes of the naive attention`(sequences: RaggedRows, causal: Bool) {
    let sample = AttentionSample(sequences, causal: causal)
    let context = ComputeContext()
    let (q, k, v) = sample.inputs(context)
    let (_, probabilities) = sample.attention.forward(q: q, k: k, v: v, sequences, context)
    let weights = randomNumbers(q.count, seed: 4)
    let (dq, dk, dv) = sample.attention.backward(
      context.matrix(q.rows, q.columns, copying: weights), q: q, k: k, v: v,
      probabilities: probabilities, sequences, context)
    let expected = sample.slopes(weights: weights)
    #expect(relativeError(dq.elements, expected.q, scale: expected.scale) < 2e-6)
    #expect(relativeError(dk.elements, expected.k, scale: expected.scale) < 2e-6)
    #expect(relativeError(dv.elements, expected.v, scale: expected.scale) < 2e-6)
  }
}
