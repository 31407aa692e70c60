import Foundation

/// Why a file cannot be read as a picture: a sentence that names the file and says what to do.
public struct PictureError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension PictureError: LocalizedError {
  public var errorDescription: String? { description }
}
