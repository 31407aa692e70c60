/// Scaled dot-product attention over several heads: softmax(Q Kᵀ / sqrt(headWidth)) V for each
/// sequence and head (Vaswani et al., arXiv 1706.03762).
package struct Attention {
  package let heads: Int
  package let width: Int
  /// Whether a row attends only to itself and the rows before it.
  package let causal: Bool

  package init(heads: Int, width: Int, causal: Bool) {
    self.heads = heads
    self.width = width
    self.causal = causal
  }

  /// - Parameters: q, k, v: [rows, width], the sequences' rows one after the other.
  /// - Returns: the mixed values [rows, width] and the probabilities of every sequence and head, one
  ///   square after the other.
  package func forward(
    q: Matrix, k: Matrix, v: Matrix, _ sequences: RaggedRows, _ context: ComputeContext
  ) -> (mixed: Matrix, probabilities: Matrix) {
    let mixed = context.matrix(q.rows, width)
    let squares = sequences.lengths.reduce(0) { $0 + $1 * $1 }
    let probabilities = context.matrix(1, heads * squares)
    forEachHead(sequences) { row, length, column, square in
      let p = MatrixView(probabilities.base + square, rows: length, columns: length)
      func head(_ matrix: Matrix) -> MatrixView {
        matrix.view.window(row: row, column: column, rows: length, columns: headWidth)
      }
      context.multiply(head(q), .asIs, head(k), .transposed, into: p, alpha: scale)
      context.softmax(p, causal: causal)
      context.multiply(p, .asIs, head(v), .asIs, into: head(mixed))
    }
    return (mixed, probabilities)
  }

  /// - Parameter gradient: that of the mixed values, [rows, width].
  /// - Returns: the gradients of q, k and v, each [rows, width].
  package func backward(
    _ gradient: Matrix, q: Matrix, k: Matrix, v: Matrix, probabilities: Matrix,
    _ sequences: RaggedRows, _ context: ComputeContext
  ) -> (dq: Matrix, dk: Matrix, dv: Matrix) {
    let dq = context.matrix(q.rows, width)
    let dk = context.matrix(q.rows, width)
    let dv = context.matrix(q.rows, width)
    let longest = sequences.lengths.max() ?? 0
    let scratch = context.matrix(longest, longest)
    forEachHead(sequences) { row, length, column, square in
      let p = MatrixView(probabilities.base + square, rows: length, columns: length)
      let dp = MatrixView(scratch.base, rows: length, columns: length)
      func head(_ matrix: Matrix) -> MatrixView {
        matrix.view.window(row: row, column: column, rows: length, columns: headWidth)
      }
      context.multiply(p, .transposed, head(gradient), .asIs, into: head(dv))
      context.multiply(head(gradient), .asIs, head(v), .transposed, into: dp)
      context.softmaxBackward(dp, softmax: p)
      context.multiply(dp, .asIs, head(k), .asIs, into: head(dq), alpha: scale)
      context.multiply(dp, .transposed, head(q), .asIs, into: head(dk), alpha: scale)
    }
    scratch.recycle()
    return (dq, dk, dv)
  }

  private var headWidth: Int { width / heads }
  private var scale: Float { 1 / Float(headWidth).squareRoot() }

  /// Calls `body` with the first row, the length, the first column and the offset of the
  /// probabilities of each sequence and head.
  private func forEachHead(
    _ sequences: RaggedRows,
    _ body: (_ row: Int, _ length: Int, _ column: Int, _ square: Int) -> Void
  ) {
    var square = 0
    for (row, length) in zip(sequences.starts, sequences.lengths) {
      for head in 0..<heads {
        body(row, length, head * headWidth, square)
        square += length * length
      }
    }
  }
}
