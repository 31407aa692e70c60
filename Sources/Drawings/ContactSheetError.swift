import Foundation

/// The error of writing a contact sheet.
public struct ContactSheetError: Error, CustomStringConvertible {
  public let file: URL
  public let reason: String

  public var description: String {
    "The contact sheet could not be written to \(file.path(percentEncoded: false)): \(reason)."
  }
}
