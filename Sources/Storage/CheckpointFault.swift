import Foundation

/// Why a checkpoint cannot be resumed from, as a sentence that names it.
package struct CheckpointFault: Error, Equatable, CustomStringConvertible {
  package let description: String

  static func damaged(_ file: URL) -> Self { Self(description: "\(file.relativePath) is damaged") }
}
