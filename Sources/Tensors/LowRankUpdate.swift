/// A low-rank change of a linear layer: y += scale B A x (Hu et al., LoRA, arXiv 2106.09685), or
/// y += scale B R A x with a small square core R between fixed factors (LoRA-XS, arXiv 2405.17604).
package struct LowRankUpdate {
  /// A [rank, inputs]
  package let a: Parameter
  /// B [outputs, rank]
  package let b: Parameter
  /// R [rank, rank]; nil stands for the identity. With a core, neither A nor B is trained.
  package let core: Parameter?
  package let rank: Int
  package let scale: Float

  package init(
    a: Parameter, b: Parameter, core: Parameter? = nil, rank: Int, scale: Float
  ) {
    precondition(
      core == nil || !a.isTrained && !b.isTrained, "the factors around a core are fixed")
    self.a = a
    self.b = b
    self.core = core
    self.rank = rank
    self.scale = scale
  }

  package var isTrained: Bool { a.isTrained || b.isTrained || core?.isTrained == true }
}
