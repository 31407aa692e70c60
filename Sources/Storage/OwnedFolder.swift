import Foundation

/// A folder that one process alone writes into, as long as this lives, or that some share and all others keep out of.
///
/// The file of the lock goes away with the last that holds it; that of a process that was killed stays, locked by
/// nobody. Where the file system knows no locks, nobody is refused.
package final class OwnedFolder {
  /// What others may do meanwhile.
  package enum Kind: Sendable {
    /// Nothing.
    case alone
    /// Hold it in the same way.
    case shared
  }

  private let descriptor: Int32
  private let path: String

  /// - Parameters:
  ///   - name: that of the lock's file.
  ///   - waits: for those that hold the folder in another way, instead of giving up.
  /// - Throws: `FileFault` where the folder takes no file.
  /// - Returns: nil where another process owns the folder.
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
    // The file stays for those that share the folder.
    if FolderLock.lock(descriptor, LOCK_EX | LOCK_NB) != EWOULDBLOCK,
      FileIdentity(descriptor) == FileIdentity(path)
    {
      unlink(path)
    }
    close(descriptor)
  }
}
