import Foundation
import Storage

/// The text of errors for users.
enum ErrorText {
  /// An error's description; for Foundation's file errors, the file and the system's reason.
  static func text(_ error: any Error) -> String {
    guard let path = (error as NSError).userInfo[NSFilePathErrorKey] as? String else {
      return "\(error)"
    }
    let fault = FileFault(URL(filePath: path), error)
    return fault.map { "\($0)" } ?? "\(path): \(error.localizedDescription)"
  }
}
