import CKernels

/// Multi-head scaled dot-product attention: softmax(Q Kᵀ / sqrt(headWidth)) V for each sequence and
/// head (Vaswani et al., arXiv 1706.03762).
package struct Attention {
  package let heads: Int
  package let width: Int

  package init(heads: Int, width: Int) {
    self.heads = heads
    self.width = width
  }

  /// - Parameters:
  ///   - q: [query rows, width].
  ///   - k, v: [rows.count, width].
  /// - Returns: the mixed values [query rows, width] and the probabilities for the backward pass:
  ///   for sequences a matrix [query rows, length] per sequence and head; for paths the values
  ///   along the path for each query row and head.
  package func forward(
    q: Matrix, k: Matrix, v: Matrix, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ context: ComputeContext
  ) -> (mixed: Matrix, probabilities: Matrix) {
    let mixed = context.matrix(q.rows, width)
    switch rows.sight {
    case .sequences(let lengths, let causal):
      let probabilities = context.matrix(1, heads * products(lengths, queries))
      let scratch = context.matrix(1, scratchCount(lengths))
      context.countKernel(
        flops: 4 * products(lengths, queries) * width,
        numbers: q.count + k.count + v.count + mixed.count + probabilities.count)
      let operands = context.operands(q, k, v)
      forEachSequence(lengths, queries, context) {
        index, asking, start, length, square in
        let visible = visible(rows, index, queries, causal: causal)
        visible.withUnsafeBufferPointer { visible in
          flora_attention_forward(
            mixed.base + asking.lowerBound * width, probabilities.base + square,
            operands[0] + asking.lowerBound * width, operands[1] + start * width,
            operands[2] + start * width, asking.count, length,
            visible.isEmpty ? nil : visible.baseAddress, heads, headWidth,
            context.precision == .bfloat16, scratch.base)
        }
      }
      scratch.recycle()
      return (mixed, probabilities)
    case .paths:
      let paths = rows.paths(queries)
      let probabilities = context.matrix(1, heads * paths.rows.count)
      let scratch = context.matrix(1, paths.longest + 16)
      context.countKernel(
        flops: 4 * paths.rows.count * width,
        numbers: q.count + k.count + v.count + mixed.count + probabilities.count)
      if context.computes {
        let operands = context.operands(q, k, v)
        flora_tree_attention_forward(
          mixed.base, probabilities.base, operands[0], operands[1], operands[2], paths.count,
          paths.starts, paths.rows, heads, headWidth, context.precision == .bfloat16, scratch.base)
      }
      scratch.recycle()
      return (mixed, probabilities)
    }
  }

  /// - Parameter gradient: the gradient of the mixed values, [query rows, width].
  /// - Returns: the gradients of q [query rows, width], and of k and v [rows.count, width].
  package func backward(
    _ gradient: Matrix, q: Matrix, k: Matrix, v: Matrix, probabilities: Matrix,
    _ rows: TokenRows, _ queries: TokenRows.Queries, _ context: ComputeContext
  ) -> (dq: Matrix, dk: Matrix, dv: Matrix) {
    let dq = context.matrix(q.rows, width)
    switch rows.sight {
    case .sequences(let lengths, _):
      let dk = context.matrix(k.rows, width)
      let dv = context.matrix(k.rows, width)
      let scratch = context.matrix(1, scratchCount(lengths))
      countBackward(
        2 * products(lengths, queries) * width, gradient, q, k, v, probabilities, context)
      let operands = context.operands(gradient, q, k, v)
      forEachSequence(lengths, queries, context) { _, asking, start, length, square in
        let (ask, see) = (asking.lowerBound * width, start * width)
        flora_attention_backward(
          dq.base + ask, dk.base + see, dv.base + see, operands[0] + ask, operands[1] + ask,
          operands[2] + see, operands[3] + see, probabilities.base + square, asking.count, length,
          heads, headWidth, context.precision == .bfloat16, scratch.base)
      }
      scratch.recycle()
      return (dq, dk, dv)
    case .paths:
      let paths = rows.paths(queries)
      let dk = context.matrix(k.rows, width, zeroed: true)
      let dv = context.matrix(k.rows, width, zeroed: true)
      let scratch = context.matrix(1, paths.longest + 16)
      countBackward(2 * paths.rows.count * width, gradient, q, k, v, probabilities, context)
      if context.computes {
        let operands = context.operands(gradient, q, k, v)
        flora_tree_attention_backward(
          dq.base, dk.base, dv.base, operands[0], operands[1], operands[2], operands[3],
          probabilities.base, paths.count, paths.starts, paths.rows, heads, headWidth,
          context.precision == .bfloat16, scratch.base)
      }
      scratch.recycle()
      return (dq, dk, dv)
    }
  }

  private var headWidth: Int { width / heads }

  private func scratchCount(_ lengths: [Int]) -> Int {
    lengths.max().map { flora_attention_scratch($0, headWidth) } ?? 0
  }

  /// The number of pairs of a query and a visible row.
  private func products(_ lengths: [Int], _ queries: TokenRows.Queries) -> Int {
    lengths.reduce(0) { $0 + (queries == .all ? $1 * $1 : $1) }
  }

  /// The number of visible rows for each query of a sequence; empty if all are visible.
  private func visible(
    _ rows: TokenRows, _ index: Int, _ queries: TokenRows.Queries, causal: Bool
  ) -> ArraySlice<Int32> {
    guard causal else { return [] }
    return queries == .all ? rows.causalSight[...] : rows.pooledSight[index...index]
  }

  /// Counts a backward pass, which has four products of equal size, reads q, k and v, and writes
  /// their gradients.
  private func countBackward(
    _ product: Int, _ gradient: Matrix, _ q: Matrix, _ k: Matrix, _ v: Matrix,
    _ probabilities: Matrix, _ context: ComputeContext
  ) {
    context.countKernel(
      flops: 4 * product,
      numbers: gradient.count + probabilities.count + 2 * (q.count + k.count + v.count))
  }

  /// Calls `body` with each sequence's index, its range of queries, its first row, its length and
  /// the offset of its probabilities; skipped in a tracing context.
  private func forEachSequence(
    _ lengths: [Int], _ queries: TokenRows.Queries, _ context: ComputeContext,
    _ body: (
      _ index: Int, _ asking: Range<Int>, _ start: Int, _ length: Int, _ square: Int
    ) -> Void
  ) {
    guard context.computes else { return }
    var (start, asking, square) = (0, 0, 0)
    for (index, length) in lengths.enumerated() {
      let count = queries == .all ? length : 1
      body(index, asking..<(asking + count), start, length, square)
      start += length
      asking += count
      square += heads * count * length
    }
  }
}
