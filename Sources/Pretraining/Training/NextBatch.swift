import Foundation
import Synchronization

/// A batch that a background thread prepares.
final class NextBatch: Sendable {
  private let result = Mutex<PretrainingBatch?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  init(_ draw: @escaping @Sendable () -> PretrainingBatch) {
    Thread.detachNewThread { [self] in
      let batch = draw()
      result.withLock { $0 = batch }
      isReady.signal()
    }
  }

  /// Waits for the batch and returns it; call once.
  func wait() -> PretrainingBatch {
    isReady.wait()
    return result.withLock { $0! }
  }
}
