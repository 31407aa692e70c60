import Foundation

/// A lock that keeps other processes from writing to a folder while the instance lives.
///
/// It is a kernel lock on a file in the folder, so a killed process does not keep it. On a file
/// system without locks, nothing is locked.
package final class FolderLock {
  /// Whether the lock was acquired.
  package let isHeld: Bool
  private let descriptor: Int32

  /// Blocks until the lock is available.
  package init(_ directory: URL) {
    descriptor = Self.open(Self.file(in: directory))
    isHeld = descriptor >= 0 && Self.lock(descriptor, LOCK_EX) == 0
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package static let name = ".lock"

  static func file(in directory: URL) -> String { directory.appending(path: name).path }

  static func open(_ path: String) -> Int32 {
    Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
  }

  /// - Returns: 0 if the lock is held, otherwise the system's error number.
  static func lock(_ descriptor: Int32, _ operation: Int32) -> Int32 {
    while flock(descriptor, operation) != 0 {
      if errno != EINTR { return errno }
    }
    return 0
  }
}
