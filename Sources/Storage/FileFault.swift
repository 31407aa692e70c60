import Foundation

/// Why a file cannot be read or written, as a sentence that names it.
package struct FileFault: Error, Equatable, CustomStringConvertible {
  package let file: URL
  /// The system's error number.
  package let code: Int32

  package init(_ file: URL, _ code: Int32) {
    self.file = file
    self.code = code
  }

  /// Converts a Foundation error, if it has an underlying system error.
  package init?(_ file: URL, _ error: any Error) {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    let cause = (underlying ?? error) as NSError
    guard cause.domain == NSPOSIXErrorDomain else { return nil }
    self.init(file, Int32(cause.code))
  }

  /// The system's error message.
  package var reason: String { String(cString: strerror(code)) }

  package var description: String { "\(file.path): \(reason)" }
}
