import Tensors

/// A vector that ranks store while this instance lives.
///
/// A client's change is stored as a whole on the rank that trained the client; sums of changes are
/// spread over all ranks.
final class RankVector: RemoteVector {
  let place: VectorPlace
  let count: Int
  private let hub: RankHub

  init(_ place: VectorPlace, count: Int, on hub: RankHub) {
    self.place = place
    self.count = count
    self.hub = hub
  }

  deinit { hub.drop(place) }

  /// One per rank, so that the ranges of terms that a rank has received together are no longer than
  /// one vector, and rank 0 sends as many instructions as there are terms.
  var termsAtOnce: Int { hub.count }

  func fetch() -> [Float] { hub.fetch(place, count: count) }

  func sum(_ start: StoredVector, _ terms: [WeightedVector]) -> any RemoteVector {
    hub.sum(start, terms, count: count)
  }
}

extension RankHub {
  /// Makes every rank add up its range of a sum, this one as well; does not wait for it.
  fileprivate func sum(
    _ start: StoredVector, _ terms: [WeightedVector], count: Int
  ) -> RankVector {
    var whole: [Int: [Float]] = [:]
    func place(of vector: StoredVector) -> VectorPlace {
      switch vector {
      case .here(let elements):
        whole[whole.count] = elements
        return .whole(rank: 0, id: whole.count - 1)
      case .elsewhere(let remote):
        guard let remote = remote as? RankVector else {
          preconditionFailure("all vectors that are not here are on ranks")
        }
        return remote.place
      }
    }
    let sum = RangeSum(
      id: newSum(), count: count, start: start.count == 0 ? nil : place(of: start),
      terms: terms.map { RangeSum.Term($0.factor, place(of: $0.vector)) })
    for rank in others {
      sendDropped(to: rank)
      post.send(.add(sum), to: rank)
    }
    ranges.add(sum, whole)
    return RankVector(.spread(id: sum.id), count: count, on: self)
  }

  fileprivate func fetch(_ place: VectorPlace, count: Int) -> [Float] {
    switch place {
    case .whole(let rank, let id):
      guard case .change(let elements) = fetch(KeptPlace(rank: rank, id: id)).wait() else {
        preconditionFailure("a rank keeps values of the kind that it has told")
      }
      return elements
    case .spread(let id):
      let pending = [ranges.range(id)] + others.map { gather(id, from: $0) }
      var elements: [Float] = []
      elements.reserveCapacity(count)
      for range in pending { elements += range.wait() }
      return elements
    }
  }

  fileprivate func drop(_ place: VectorPlace) {
    switch place {
    case .whole(let rank, let id): drop(KeptPlace(rank: rank, id: id))
    case .spread(let id):
      ranges.drop([id])
      for rank in others { dropRange(id, on: rank) }
    }
  }
}
