import TestSupport
import Testing

@testable import Tensors

/// Attention over sequences and trees compared with a loop over rows in double precision, and its gradients
/// with central differences of that loop.
struct AttentionTests {
  @Test(arguments: AttentionSight.all, [TokenRows.Queries.all, .pooled])
  func `every row combines the values of the rows it attends to`(
    sight: AttentionSight, queries: TokenRows.Queries
  ) {
    for headWidth in [3, 16, 20, 64] {
      let sample = AttentionSample(sight, queries, headWidth: headWidth)
      let context = ComputeContext()
      let (q, k, v) = sample.inputs(context)
      let (mixed, _) = sample.attention.forward(
        q: q, k: k, v: v, sample.rows, queries, context)
      #expect(relativeError(mixed.elements, sample.naive()) < 2e-6)
    }
  }

  @Test(arguments: AttentionSight.all, [TokenRows.Queries.all, .pooled])
  func `gradients match the naive attention`(
    sight: AttentionSight, queries: TokenRows.Queries
  ) {
    for headWidth in [3, 16] where headWidth == 3 || sight.rows.count < 20 {
      let sample = AttentionSample(sight, queries, headWidth: headWidth)
      let context = ComputeContext()
      let (q, k, v) = sample.inputs(context)
      let (_, probabilities) = sample.attention.forward(
        q: q, k: k, v: v, sample.rows, queries, context)
      let weights = randomNumbers(q.count, seed: 4)
      let (dq, dk, dv) = sample.attention.backward(
        context.matrix(q.rows, q.columns, copying: weights), q: q, k: k, v: v,
        probabilities: probabilities, sample.rows, queries, context)
      let expected = sample.slopes(weights: weights)
      #expect(relativeError(dq.elements, expected.q, scale: expected.scale) < 2e-6)
      #expect(relativeError(dk.elements, expected.k, scale: expected.scale) < 2e-6)
      #expect(relativeError(dv.elements, expected.v, scale: expected.scale) < 2e-6)
    }
  }

  @Test(arguments: AttentionSight.all)
  func `scores of thousands do not overflow in either direction`(sight: AttentionSight) {
    let sample = AttentionSample(sight, .all, headWidth: 16, scale: 1e4)
    let context = ComputeContext()
    let (q, k, v) = sample.inputs(context)
    let (mixed, _) = sample.attention.forward(q: q, k: k, v: v, sample.rows, .all, context)
    #expect(relativeError(mixed.elements, sample.naive()) < 1e-3)
  }

  @Test func `masked rows do not affect a causal row`() {
    let rows = TokenRows(sequences: [3], causal: true, pooled: [0])
    let context = ComputeContext()
    let k = context.matrix(3, 1, copying: [0, .nan, .infinity])
    let v = context.matrix(3, 1, copying: [7, 1, 1])
    let q = context.matrix(1, 1, copying: [1])
    let (mixed, _) = Attention(heads: 1, width: 1).forward(
      q: q, k: k, v: v, rows, .pooled, context)
    #expect(mixed.elements == [7])
  }
}
