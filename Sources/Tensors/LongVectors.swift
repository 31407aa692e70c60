import Synchronization

/// Work on long vectors, number by number, which idle workers share with the thread that asks for it.
///
/// The cuts are fixed, and no number's result depends on another's, so that neither how many workers help nor which
/// of them does what changes a bit.
package enum LongVectors {
  /// The workers that help where they are idle; without any, the calling thread does all.
  @TaskLocal package static var helpers: WorkerPool?

  /// Numbers in a range: as many as a processor's second-level cache takes of some vectors at once.
  static let rangeLength = 1 << 15

  /// Calls `body` with ranges that cover 0..<count, each once, on this thread and on idle workers; returns when all
  /// calls have.
  package static func forEachRange(
    of count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void
  ) {
    forEach(0..<(count + rangeLength - 1) / rangeLength) { piece in
      body(piece * rangeLength..<min(count, (piece + 1) * rangeLength))
    }
  }

  /// Calls `body` with each piece, on this thread and on idle workers; returns when all calls have.
  package static func forEach(
    _ pieces: Range<Int>, _ body: @escaping @Sendable (_ piece: Int) -> Void
  ) {
    guard pieces.count > 1, let helpers else { return pieces.forEach(body) }
    let work = SharedPieces(pieces, body)
    helpers.submitToIdle(atMost: pieces.count - 1) { _ in work.run() }
    work.run()
    work.finished.wait()
  }

  /// A vector of which `fill` writes the given range from `base` on.
  package static func make(
    _ count: Int,
    _ fill: @escaping @Sendable (_ range: Range<Int>, _ base: UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let target = base
      forEachRange(of: count) { fill($0, target) }
    }
  }

  /// x + factor y
  package static func sum(_ x: [Float], _ factor: Float, times y: [Float]) -> [Float] {
    precondition(x.count == y.count, "vectors of one length")
    return make(x.count) { range, sum in
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          for index in range { (sum + index).initialize(to: x[index] + factor * y[index]) }
        }
      }
    }
  }

  /// Changes a vector in place, range by range.
  package static func update(
    _ vector: inout [Float],
    _ body: @escaping @Sendable (_ range: Range<Int>, _ base: UnsafeMutablePointer<Float>) -> Void
  ) {
    vector.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let target = base
      forEachRange(of: buffer.count) { body($0, target) }
    }
  }
}

/// Pieces of work that several threads take one after the other.
private final class SharedPieces: Sendable {
  /// Comes when the last piece is done; a helper that comes later finds nothing to do.
  let finished = PendingResult<Void>()
  private let next: Atomic<Int>
  private let left: Atomic<Int>
  private let end: Int
  private let body: @Sendable (Int) -> Void

  init(_ pieces: Range<Int>, _ body: @escaping @Sendable (Int) -> Void) {
    next = Atomic(pieces.lowerBound)
    left = Atomic(pieces.count)
    end = pieces.upperBound
    self.body = body
  }

  /// Takes pieces until none is left to take.
  func run() {
    while true {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < end else { return }
      body(piece)
      // Who does the last piece has seen, and passes on, what the others have written.
      if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { finished.fulfil(()) }
    }
  }
}
