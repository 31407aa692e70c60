import Foundation
import Tensors

/// The contexts of clients' parts, which keep their memory from one client to the next.
///
/// There are as many as the clients that have trained at the same time need.
package final class PartContexts: @unchecked Sendable {
  // Touched only under the lock; nobody else has a context that is in here.
  private var free: [[ComputeContext]] = []
  private let lock = NSLock()

  package init() {}

  /// Calls `body` with the contexts of one client's parts, the last used first.
  ///
  /// - Parameter parts: the number of parts, the same in each call.
  func lend<Result>(parts: Int, _ body: ([ComputeContext]) -> Result) -> Result {
    let contexts = lock.withLock { free.popLast() } ?? StepParts.contexts(parts: parts)
    precondition(contexts.count == 2 * parts, "the same number of parts in each call")
    defer { lock.withLock { free.append(contexts) } }
    return body(contexts)
  }
}
