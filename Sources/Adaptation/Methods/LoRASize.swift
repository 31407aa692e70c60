/// The rank and strength of a client's low-rank factors.
package struct LoRASize: Codable, Hashable, Sendable {
  package var rank: Int
  /// The factor alpha; the scaling determines how it scales B A x.
  package var alpha: Float

  package init(rank: Int, alpha: Float) {
    precondition(rank > 0, "low-rank factors have a rank")
    self.rank = rank
    self.alpha = alpha
  }
}
