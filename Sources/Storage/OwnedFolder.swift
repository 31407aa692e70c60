import Foundation

/// A folder that one process alone writes into, as long as this lives.
///
/// Others are refused, and do not wait. The file of the lock goes away with it; that of a process that was
/// killed stays, locked by nobody. Where the file system knows no locks, nobody is refused.
package final class OwnedFolder {
  private let descriptor: Int32
  private let path: String

  /// - Throws: `FileFault` where the folder takes no file.
  /// - Returns: nil where another process owns the folder.
  package init?(_ directory: URL) throws(FileFault) {
    path = FolderLock.file(in: directory)
    while true {
      let descriptor = FolderLock.open(path)
      guard descriptor >= 0 else { throw FileFault(directory, errno) }
      let status = FolderLock.lock(descriptor, LOCK_EX | LOCK_NB)
      if status == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // Whoever held it may have taken the file away after it was opened here.
      if FileIdentity(descriptor) == FileIdentity(path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  deinit {
    if FileIdentity(descriptor) == FileIdentity(path) { unlink(path) }
    close(descriptor)
  }
}
