import DequeModule
import Foundation

/// Threads that compute, each with its own context and one BLAS thread.
///
/// Which worker runs a piece of work, and when, plays no part in its result; who submits it decides
/// when to wait for it.
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

  /// Has workers that are idle now run `work`, at most so many, before anything that is submitted later.
  func submitToIdle(atMost count: Int, _ work: @escaping @Sendable (ComputeContext) -> Void) {
    queue.addForIdle(work, atMost: count)
  }

  /// The results of `work` on every piece, in the order of the pieces.
  ///
  /// - Parameter progress: is told, on the thread that calls, how many of the first pieces are done.
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

/// First in, first out, between the submitter and the workers.
private final class WorkQueue: @unchecked Sendable {
  typealias Work = @Sendable (ComputeContext) -> Void

  // All are touched only under the condition's lock.
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

  /// The next piece of work, or nil when the pool is gone.
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
