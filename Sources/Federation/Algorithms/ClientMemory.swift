/// The memory that a client needs beyond training, in vectors of its trained length.
package struct ClientMemory: Sendable, Equatable {
  /// Whether the client keeps its initial version, in order to compute the change.
  package var holdsStart: Bool
  /// The number of other vectors, such as control variates.
  package var vectors: Int

  package init(holdsStart: Bool = false, vectors: Int = 0) {
    self.holdsStart = holdsStart
    self.vectors = vectors
  }

  /// The combined needs of both; the initial version is kept once.
  package static func + (lhs: Self, rhs: Self) -> Self {
    Self(holdsStart: lhs.holdsStart || rhs.holdsStart, vectors: lhs.vectors + rhs.vectors)
  }

  /// - Parameter count: the length of what is trained.
  package func bytes(of count: Int) -> Int { 4 * count * ((holdsStart ? 1 : 0) + vectors) }
}
