/// What a client holds beside its training, in vectors as long as what it trains.
package struct ClientMemory: Sendable, Equatable {
  /// The version that it started from, by which a change is told from a model.
  package var holdsStart: Bool
  /// Other vectors, such as control variates.
  package var vectors: Int

  package init(holdsStart: Bool = false, vectors: Int = 0) {
    self.holdsStart = holdsStart
    self.vectors = vectors
  }

  /// What both need; the start is held once.
  package static func + (lhs: Self, rhs: Self) -> Self {
    Self(holdsStart: lhs.holdsStart || rhs.holdsStart, vectors: lhs.vectors + rhs.vectors)
  }

  /// - Parameter count: the length of what is trained.
  package func bytes(of count: Int) -> Int { 4 * count * ((holdsStart ? 1 : 0) + vectors) }
}
