import Foundation

/// A result that a worker is still computing.
package final class PendingResult<Value: Sendable>: @unchecked Sendable {
  // The value is touched only under the condition's lock.
  private var value: Value?
  private let condition = NSCondition()

  func fulfil(_ value: Value) {
    condition.withLock { self.value = value }
    condition.broadcast()
  }

  /// The result; waits for the worker where it is not there yet.
  package func wait() -> Value {
    condition.withLock {
      while true {
        if let value { return value }
        condition.wait()
      }
    }
  }
}
