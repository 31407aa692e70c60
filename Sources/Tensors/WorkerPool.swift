import DequeModule
import Foundation

/// A thread pool for computation; each thread has its own context and one BLAS thread.
///
/// Results do not depend on which worker runs a piece of work, or when. The submitter decides when
/// to wait for a result.
package final class WorkerPool: Sendable {
  private let queue = WorkQueue()

  /// The number of threads.
  package let count: Int

  package init(workers count: Int) {
    precondition(count > 0, "a pool needs a worker")
    self.count = count
    BLAS.useOneThreadPerCall()
    for _ in 0..<count {
      let thread = Thread { [queue] in
        let context = ComputeContext()
        while let work = queue.next() { work(context) }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit { queue.close() }

  /// Runs `work` on a worker as soon as one is free, in the order of submission.
  package func submit<Result: Sendable>(
    _ work: @escaping @Sendable (ComputeContext) -> Result
  ) -> PendingResult<Result> {
    let pending = PendingResult<Result>()
    queue.add { pending.fulfil(work($0)) }
    return pending
  }

  /// Runs `work` on up to `count` currently idle workers, before anything submitted later.
  func submitToIdle(atMost count: Int, _ work: @escaping @Sendable (ComputeContext) -> Void) {
    queue.addForIdle(work, atMost: count)
  }

  /// Applies `work` to every piece and returns the results in order.
  ///
  /// - Parameter progress: called on the calling thread with the number of leading pieces that are
  ///   done.
  package func map<Piece: Sendable, Result: Sendable>(
    _ pieces: [Piece], progress: (Int) -> Void = { _ in },
    _ work: @escaping @Sendable (Piece, ComputeContext) -> Result
  ) -> [Result] {
    let pending = pieces.map { piece in submit { work(piece, $0) } }
    return pending.enumerated().map { index, result in
      defer { progress(index + 1) }
      return result.wait()
    }
  }
}

/// A FIFO queue between the submitter and the workers.
private final class WorkQueue: @unchecked Sendable {
  typealias Work = @Sendable (ComputeContext) -> Void

  // Protected by the condition's lock.
  private var waiting: Deque<Work> = []
  private var idle = 0
  private var isClosed = false
  private let condition = NSCondition()

  func add(_ work: @escaping Work) {
    condition.withLock { waiting.append(work) }
    condition.signal()
  }

  func addForIdle(_ work: @escaping Work, atMost count: Int) {
    let added = condition.withLock {
      let added = max(0, min(count, idle - waiting.count))
      for _ in 0..<added { waiting.append(work) }
      return added
    }
    for _ in 0..<added { condition.signal() }
  }

  /// The next piece of work, or nil after the pool is deallocated.
  func next() -> Work? {
    condition.withLock {
      idle += 1
      defer { idle -= 1 }
      while waiting.isEmpty, !isClosed { condition.wait() }
      return waiting.popFirst()
    }
  }

  func close() {
    condition.withLock { isClosed = true }
    condition.broadcast()
  }
}
