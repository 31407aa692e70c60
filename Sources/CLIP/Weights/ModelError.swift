import Foundation

/// Why a model's files are not usable, as a sentence that names the file.
public struct ModelError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ file: URL, _ fault: String) {
    description = "\(file.path) \(fault)"
  }
}
