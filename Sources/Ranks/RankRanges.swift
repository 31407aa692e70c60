import Dispatch
import Synchronization
import Tensors

/// A rank's ranges of vectors that are spread over all ranks, and the sums that it adds up.
///
/// Each rank stores one range of a spread vector. To add vectors, every rank adds up its range of
/// all terms, in their order. A rank that stores a whole term first sends the others their ranges
/// of it, so ranks that do the same sums in the same order never wait for each other in a circle.
///
/// The work is done in the order of the calls, on a queue of its own.
package final class RankRanges: Sendable {
  private let rank: Int
  private let count: Int
  private let send: @Sendable (RankMessage, _ rank: Int) -> Void
  private let queue = DispatchQueue(label: "flora.ranks.sums")
  private let state = Mutex(State())

  private struct State {
    /// This rank's ranges of spread vectors.
    var ranges: [Int: [Float]] = [:]
    /// Ranges of operands that are expected, or have come before they were.
    var arriving: [RangeSum.Operand: PendingResult<[Float]>] = [:]
  }

  /// - Parameters:
  ///   - count: the number of ranks.
  ///   - send: sends a message to another rank.
  package init(
    rank: Int, count: Int, send: @escaping @Sendable (RankMessage, _ rank: Int) -> Void
  ) {
    self.rank = rank
    self.count = count
    self.send = send
  }

  /// Starts to add up this rank's range, with the helpers of the calling task.
  ///
  /// - Parameter whole: the operands that this rank stores as a whole, by their ids.
  package func add(_ sum: RangeSum, _ whole: [Int: [Float]]) {
    queue.async { [self, helpers = LongVectors.helpers] in
      LongVectors.$helpers.withValue(helpers) { addUp(sum, whole) }
    }
  }

  /// This rank's range of a spread vector, once it is added up.
  package func range(_ id: Int) -> PendingResult<[Float]> {
    let pending = PendingResult<[Float]>()
    queue.async { [self] in pending.fulfil(self[id]) }
    return pending
  }

  package func drop(_ ids: [Int]) {
    queue.async { [self] in
      state.withLock { state in for id in ids { state.ranges[id] = nil } }
    }
  }

  /// Calls `body` when all sums so far are added up.
  package func afterSums(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// Whether nothing is stored or expected after all calls so far.
  package var isEmpty: Bool {
    queue.sync { state.withLock { $0.ranges.isEmpty && $0.arriving.isEmpty } }
  }

  // MARK: Adding up

  /// Waits for ranges of vectors that others store.
  private func addUp(_ sum: RangeSum, _ whole: [Int: [Float]]) {
    let operands = sum.operands
    let ownRange = (0..<sum.count).part(rank, of: count)
    for (index, place) in operands.enumerated() {
      guard case .whole(rank, let id) = place, let vector = whole[id] else { continue }
      // The next rank first, so that not all ranks send to the same one.
      for other in (1..<count).map({ (rank + $0) % count }) {
        let range = (0..<sum.count).part(other, of: count)
        send(.range(RangeSum.Operand(sum: sum.id, index: index), Array(vector[range])), other)
      }
    }
    func own(_ index: Int) -> [Float] {
      switch operands[index] {
      case .spread(let id): return self[id]
      case .whole(rank, let id):
        guard let vector = whole[id] else { preconditionFailure("a sum's operands are kept") }
        return Array(vector[ownRange])
      case .whole: return take(RangeSum.Operand(sum: sum.id, index: index))
      }
    }
    let isNew = sum.start == nil
    var range =
      isNew
      ? [Float](repeating: 0, count: ownRange.count)
      : own(0)
    for (index, term) in sum.terms.enumerated() {
      LongVectors.add(term.factor, times: own(isNew ? index : index + 1), to: &range)
    }
    state.withLock { $0.ranges[sum.id] = range }
  }

  private subscript(id: Int) -> [Float] {
    guard let range = state.withLock({ $0.ranges[id] }) else {
      preconditionFailure("a vector is stored until it is dropped")
    }
    return range
  }

  // MARK: Ranges from other ranks

  /// Receives this rank's range of an operand.
  package func receive(_ operand: RangeSum.Operand, _ range: [Float]) {
    arriving(operand).fulfil(range)
  }

  private func take(_ operand: RangeSum.Operand) -> [Float] {
    let range = arriving(operand).wait()
    state.withLock { $0.arriving[operand] = nil }
    return range
  }

  private func arriving(_ operand: RangeSum.Operand) -> PendingResult<[Float]> {
    state.withLock { state in
      let pending = state.arriving[operand] ?? PendingResult()
      state.arriving[operand] = pending
      return pending
    }
  }
}

/// A sum of vectors that each rank adds up for its range: start + sum_k factor_k term_k.
package struct RangeSum: Codable, Sendable {
  /// Identifies the sum, a spread vector.
  package let id: Int
  /// The number of its elements.
  package let count: Int
  /// Nil for zeros.
  package let start: VectorPlace?
  package let terms: [Term]

  package struct Term: Codable, Sendable {
    package let factor: Float
    package let place: VectorPlace

    package init(_ factor: Float, _ place: VectorPlace) {
      self.factor = factor
      self.place = place
    }
  }

  /// An operand of a sum.
  package struct Operand: Hashable, Codable, Sendable {
    let sum: Int
    /// Its index in `operands`.
    let index: Int
  }

  package init(id: Int, count: Int, start: VectorPlace?, terms: [Term]) {
    self.id = id
    self.count = count
    self.start = start
    self.terms = terms
  }

  /// The start, if there is one, and the terms.
  var operands: [VectorPlace] { (start.map { [$0] } ?? []) + terms.map(\.place) }

  /// The ids of the vectors that a rank stores as a whole.
  package func whole(on rank: Int) -> [Int] {
    operands.compactMap { if case .whole(rank, let id) = $0 { id } else { nil } }
  }
}

/// Where ranks store a vector.
package enum VectorPlace: Codable, Sendable {
  /// As a whole on one rank.
  case whole(rank: Int, id: Int)
  /// Each rank a range.
  case spread(id: Int)
}
