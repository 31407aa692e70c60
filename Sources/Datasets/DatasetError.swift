import Foundation

/// What is wrong with a data set, or with what was asked of it.
///
/// The description is one sentence for the person who chose the data: it names the file or the
/// setting at fault, and what to do about it.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) {
    self.description = description
  }
}

extension DatasetError: LocalizedError {
  public var errorDescription: String? { description }
}
