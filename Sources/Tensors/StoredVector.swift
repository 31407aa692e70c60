/// A vector that is stored in this process, or by others until its elements are needed.
///
/// It is encoded as its elements, so a checkpoint does not depend on where a vector was stored.
package enum StoredVector: Sendable {
  case here([Float])
  case elsewhere(any RemoteVector)

  package var count: Int {
    switch self {
    case .here(let elements): elements.count
    case .elsewhere(let remote): remote.count
    }
  }

  /// The elements; if stored elsewhere, fetches them and waits.
  package var elements: [Float] {
    switch self {
    case .here(let elements): elements
    case .elsewhere(let remote): remote.fetch()
    }
  }

  /// The number of terms that are best added at once: several if they are elsewhere.
  package var termsAtOnce: Int { remote?.termsAtOnce ?? 1 }

  private var remote: (any RemoteVector)? {
    if case .elsewhere(let remote) = self { remote } else { nil }
  }

  /// Adds vectors, each element in the order of the terms; an empty vector counts as zeros.
  ///
  /// If this or a term is stored elsewhere, so is the sum. Its bits do not depend on that.
  package mutating func add(_ terms: [WeightedVector]) {
    guard let first = terms.first else { return }
    if let remote = remote ?? terms.lazy.compactMap(\.vector.remote).first {
      self = .elsewhere(remote.sum(self, terms))
      return
    }
    var sum = elements
    // Releases this reference, so that the sum is changed in place.
    self = .here([])
    if sum.isEmpty { sum = [Float](repeating: 0, count: first.vector.count) }
    for term in terms { LongVectors.add(term.factor, times: term.vector.elements, to: &sum) }
    self = .here(sum)
  }
}

/// A term of a sum of vectors.
package struct WeightedVector: Sendable {
  package let factor: Float
  package let vector: StoredVector

  package init(_ factor: Float, _ vector: StoredVector) {
    self.factor = factor
    self.vector = vector
  }
}

/// A vector that other processes store while this instance lives.
package protocol RemoteVector: AnyObject, Sendable {
  var count: Int { get }

  /// The number of terms that `sum` adds best at once.
  var termsAtOnce: Int { get }

  /// Fetches the elements and waits.
  func fetch() -> [Float]

  /// start + sum_k factor_k vector_k, each element in the order of the terms.
  ///
  /// - Parameters:
  ///   - start: empty for zeros.
  ///   - terms: vectors of which at least one, or else `start`, is this one or stored like it.
  func sum(_ start: StoredVector, _ terms: [WeightedVector]) -> any RemoteVector
}

extension StoredVector: Equatable {
  package static func == (lhs: Self, rhs: Self) -> Bool { lhs.elements == rhs.elements }
}

extension StoredVector: Codable {
  package init(from decoder: any Decoder) throws {
    self = .here(try decoder.singleValueContainer().decode([Float].self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(elements)
  }
}
