import Foundation

/// A result that a worker is still computing.
package final class PendingResult<Value: Sendable>: @unchecked Sendable {
  // Both are touched only under the condition's lock.
  private var value: Value?
  private var followers: [@Sendable (Value) -> Void] = []
  private let condition = NSCondition()

  package init() {}

  package func fulfil(_ value: Value) {
    let followers = condition.withLock {
      self.value = value
      defer { self.followers = [] }
      return self.followers
    }
    condition.broadcast()
    for follower in followers { follower(value) }
  }

  /// Calls `body` with the result: immediately if it is available, otherwise on the thread that
  /// sets it.
  package func then(_ body: @escaping @Sendable (Value) -> Void) {
    let known: Value? = condition.withLock {
      if value == nil { followers.append(body) }
      return value
    }
    if let known { body(known) }
  }

  /// Whether the result is available, or becomes available within a timeout in seconds.
  package func isThere(within seconds: Double) -> Bool {
    condition.withLock {
      if value != nil { return true }
      let limit = Date(timeIntervalSinceNow: seconds)
      while value == nil, condition.wait(until: limit) {}
      return value != nil
    }
  }

  /// The result; waits for the worker if necessary.
  package func wait() -> Value {
    condition.withLock {
      while true {
        if let value { return value }
        condition.wait()
      }
    }
  }
}
