import Foundation

/// An error in a data set, or in what was requested of it.
///
/// The description is one sentence for the user: it names the invalid file or setting, and says
/// what to do about it.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) {
    self.description = description
  }
}

extension DatasetError: LocalizedError {
  public var errorDescription: String? { description }
}
