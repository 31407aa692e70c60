import Foundation

/// Keeps a folder for one process that writes to it, or for several that share it, while the
/// instance lives.
///
/// The last holder deletes the lock's file. The file of a killed process remains, unlocked. On a
/// file system without locks, no process is refused.
package final class OwnedFolder {
  /// What other processes may do while the folder is held.
  package enum Kind: Sendable {
    /// Nothing.
    case alone
    /// Hold the folder in the same mode.
    case shared
  }

  private let descriptor: Int32
  private let path: String

  /// - Parameters:
  ///   - name: the name of the lock's file.
  ///   - waits: whether to wait for processes that hold the folder in another mode, instead of
  ///     failing.
  /// - Throws: `FileFault` if the folder does not accept files.
  /// - Returns: nil if another process owns the folder.
  package init?(
    _ directory: URL, _ kind: Kind = .alone, name: String = FolderLock.name, waits: Bool = false
  ) throws(FileFault) {
    path = directory.appending(path: name).path
    let operation = (kind == .alone ? LOCK_EX : LOCK_SH) | (waits ? 0 : LOCK_NB)
    while true {
      let descriptor = FolderLock.open(path)
      guard descriptor >= 0 else { throw FileFault(directory, errno) }
      let status = FolderLock.lock(descriptor, operation)
      if status == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // The previous owner may have deleted the file after it was opened here.
      if FileIdentity(descriptor) == FileIdentity(path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  deinit {
    // Other processes that share the folder still need the file.
    if FolderLock.lock(descriptor, LOCK_EX | LOCK_NB) != EWOULDBLOCK,
      FileIdentity(descriptor) == FileIdentity(path)
    {
      unlink(path)
    }
    close(descriptor)
  }
}
