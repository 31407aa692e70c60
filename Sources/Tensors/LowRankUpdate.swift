/// A low-rank change of a linear layer: y += scale B A x (Hu et al., LoRA, arXiv 2106.09685).
package struct LowRankUpdate {
  /// A [rank, inputs]
  package let a: Parameter
  /// B [outputs, rank]
  package let b: Parameter
  package let rank: Int
  package let scale: Float

  package init(a: Parameter, b: Parameter, rank: Int, scale: Float) {
    self.a = a
    self.b = b
    self.rank = rank
    self.scale = scale
  }
}
