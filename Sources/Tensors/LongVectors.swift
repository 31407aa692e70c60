import Synchronization

/// Elementwise operations on long vectors, and other work in pieces, which idle workers share with
/// the calling thread.
///
/// The ranges are fixed, and elements are independent, so the result is bit-identical for any
/// number of workers and any distribution of the work.
package enum LongVectors {
  /// The workers that help when idle; without any, the calling thread does all the work.
  @TaskLocal package static var helpers: WorkerPool?

  /// The maximum number of workers that help with one operation.
  @TaskLocal package static var mostHelpers = Int.max

  /// The number of elements in a range: as many as fit the L2 cache for a few vectors at once.
  static let rangeLength = 1 << 15

  /// Calls `body` with ranges that together cover 0..<count, on this thread and on idle workers;
  /// returns after all calls have finished.
  package static func forEachRange(
    of count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void
  ) {
    forEach(0..<(count + rangeLength - 1) / rangeLength) { piece in
      body(piece * rangeLength..<min(count, (piece + 1) * rangeLength))
    }
  }

  /// Calls `body` with each piece, on this thread and on idle workers; returns after all calls have
  /// finished.
  package static func forEach(
    _ pieces: Range<Int>, _ body: @escaping @Sendable (_ piece: Int) -> Void
  ) {
    guard pieces.count > 1, let helpers else { return pieces.forEach(body) }
    let work = SharedPieces(pieces, body)
    helpers.submitToIdle(atMost: min(mostHelpers, pieces.count - 1)) { _ in work.run() }
    work.run()
    work.finished.wait()
  }

  /// Creates a vector; `fill` writes the given range, starting at `base`.
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

  /// x += factor y
  package static func add(_ factor: Float, times y: [Float], to x: inout [Float]) {
    precondition(x.count == y.count, "vectors of one length")
    update(&x) { range, x in
      y.withUnsafeBufferPointer { y in
        for index in range { x[index] += factor * y[index] }
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

/// Pieces of work that several threads take in order.
private final class SharedPieces: Sendable {
  /// Fulfilled when the last piece is done; a helper that arrives later finds nothing to do.
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

  /// Processes pieces until none is left.
  func run() {
    while true {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < end else { return }
      body(piece)
      // The thread with the last piece has seen the other threads' writes, and publishes them.
      if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { finished.fulfil(()) }
    }
  }
}
