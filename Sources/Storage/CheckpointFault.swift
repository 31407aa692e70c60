import Foundation

/// Why nothing can go on from a checkpoint, as a sentence that names it.
package struct CheckpointFault: Error, Equatable, CustomStringConvertible {
  package let description: String

  static func damaged(_ file: URL) -> Self { Self(description: "\(file.relativePath) is damaged") }
}
