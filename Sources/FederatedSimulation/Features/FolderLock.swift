import Foundation

/// Keeps all other processes from writing into a folder for as long as it lives.
///
/// The lock is the kernel's, on a file in the folder, so that a process that is killed holds none. Where
/// the file system knows no locks there is none to hold.
final class FolderLock {
  /// Whether it really is held.
  let isHeld: Bool
  private let descriptor: Int32

  /// Waits for those who hold it.
  init(_ directory: URL) {
    descriptor = open(directory.appending(path: ".lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    var status = descriptor < 0 ? -1 : flock(descriptor, LOCK_EX)
    while status != 0, descriptor >= 0, errno == EINTR { status = flock(descriptor, LOCK_EX) }
    isHeld = status == 0
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
