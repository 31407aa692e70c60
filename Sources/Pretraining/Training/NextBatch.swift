import Foundation
import Synchronization

/// A batch that a thread of its own is drawing.
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

  /// The batch, once; waits until it is drawn.
  func wait() -> PretrainingBatch {
    isReady.wait()
    return result.withLock { $0! }
  }
}
