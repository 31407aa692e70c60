import Dispatch
import Storage
import Synchronization

/// An asynchronous write of a checkpoint.
final class PendingWrite: Sendable {
  private let group = DispatchGroup()
  private let outcome = Mutex((fault: FileFault?.none, duration: Duration.zero))

  /// - Parameter tables: files to sync first; they stay open until the write is done.
  init(_ file: PreparedFile, after tables: [Int32]) {
    DispatchQueue.global().async(group: group) { [self] in
      let clock = ContinuousClock()
      let start = clock.now
      var fault: FileFault?
      do throws(FileFault) { try file.putInPlace(after: tables) } catch { fault = error }
      outcome.withLock { $0 = (fault, start.duration(to: clock.now)) }
    }
  }

  var isDone: Bool { group.wait(timeout: .now()) == .success }

  /// Waits for the write to finish.
  ///
  /// - Returns: the error, if any, and the disk time.
  func wait() -> (fault: FileFault?, duration: Duration) {
    group.wait()
    return outcome.withLock { $0 }
  }
}
