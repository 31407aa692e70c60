import Foundation

/// Why a file gives no picture: one sentence that names the file and what to do about it.
public struct PictureError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension PictureError: LocalizedError {
  public var errorDescription: String? { description }
}
