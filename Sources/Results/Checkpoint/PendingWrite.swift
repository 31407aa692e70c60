import Dispatch
import Storage
import Synchronization

/// The way of a checkpoint onto the disk, which the simulation does not wait for.
final class PendingWrite: Sendable {
  private let group = DispatchGroup()
  private let outcome = Mutex((fault: FileFault?.none, duration: Duration.zero))

  /// - Parameter tables: files that have to be on the disk before; they stay open until this one is done.
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

  /// Waits for its end.
  ///
  /// - Returns: what kept it from being put in place, and how long the disk took.
  func wait() -> (fault: FileFault?, duration: Duration) {
    group.wait()
    return outcome.withLock { $0 }
  }
}
