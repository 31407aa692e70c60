import Foundation

/// Why a file cannot be read or written, as a sentence that names it.
package struct FileFault: Error, Equatable, CustomStringConvertible {
  package let file: URL
  /// The system's number of the error.
  package let code: Int32

  package init(_ file: URL, _ code: Int32) {
    self.file = file
    self.code = code
  }

  /// The error of a call of Foundation, where the system's own lies beneath it.
  package init?(_ file: URL, _ error: any Error) {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    let cause = (underlying ?? error) as NSError
    guard cause.domain == NSPOSIXErrorDomain else { return nil }
    self.init(file, Int32(cause.code))
  }

  /// What the system says.
  package var reason: String { String(cString: strerror(code)) }

  package var description: String { "\(file.path): \(reason)" }
}
