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

  /// Whether the result is there, or comes within so many seconds.
  package func isThere(within seconds: Double) -> Bool {
    condition.withLock {
      if value != nil { return true }
      let limit = Date(timeIntervalSinceNow: seconds)
      while value == nil, condition.wait(until: limit) {}
      return value != nil
    }
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
