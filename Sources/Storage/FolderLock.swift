import Foundation

/// Keeps all other processes from writing into a folder for as long as it lives.
///
/// The lock is the kernel's, on a file in the folder, so that a process that is killed holds none. Where
/// the file system knows no locks there is none to hold.
package final class FolderLock {
  /// Whether it really is held.
  package let isHeld: Bool
  private let descriptor: Int32

  /// Waits for those who hold it.
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

  /// - Returns: 0 where the lock is held, else the system's error.
  static func lock(_ descriptor: Int32, _ operation: Int32) -> Int32 {
    while flock(descriptor, operation) != 0 {
      if errno != EINTR { return errno }
    }
    return 0
  }
}
