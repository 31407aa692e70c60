import Foundation

/// Why cached features cannot be used, or new ones not stored, as a sentence that names the file or
/// folder.
package struct FeatureCacheError: Error, Equatable, CustomStringConvertible {
  package let description: String
  /// Whether the file simply does not exist yet, which is not reported.
  let isAbsence: Bool

  private init(_ description: String, isAbsence: Bool = false) {
    self.description = description
    self.isAbsence = isAbsence
  }

  static func damaged(_ file: URL) -> Self {
    Self("\(file.path) is damaged; its image features will be computed again")
  }

  static func unreadable(_ file: URL, _ error: any Error) -> Self {
    Self(
      "\(file.path) cannot be read (\(reason(error))); its image features will be computed again",
      isAbsence: [ENOENT, ENOTDIR].contains(Int32(posix(error)?.code ?? 0)))
  }

  static func unwritable(_ directory: URL, _ error: any Error) -> Self {
    Self("image features cannot be cached in \(directory.path): \(reason(error))")
  }

  static func unlistable(_ directory: URL, _ error: any Error) -> Self {
    Self("\(directory.path) cannot be listed: \(reason(error))")
  }

  static func unknown(_ key: String, in directory: URL) -> Self {
    Self("\(directory.path) has no entry \(key); `flora cache` lists them")
  }

  static func ambiguous(_ key: String) -> Self {
    Self("several entries start with \(key); give a longer prefix")
  }

  /// The system's error message, without the file name.
  private static func reason(_ error: any Error) -> String {
    posix(error).map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
  }

  /// The system error underlying Foundation's.
  private static func posix(_ error: any Error) -> NSError? {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    let cause = (underlying ?? error) as NSError
    return cause.domain == NSPOSIXErrorDomain ? cause : nil
  }
}
