import Foundation
import Storage

/// Why results cannot be written any more, as a sentence that names the file.
///
/// It comes from without, from a disk that is full or a folder that was taken away, and is no fault of the
/// user's input.
package struct ResultsFault: Error, Equatable, CustomStringConvertible {
  package let description: String

  package static func unwritable(_ fault: FileFault) -> Self {
    Self(description: "\(fault.file.relativePath) cannot be written: \(fault.reason)")
  }

  /// - Parameter file: is not the one any more that the run has written.
  static func gone(_ file: URL) -> Self {
    Self(
      description:
        "\(file.relativePath) was removed or replaced while the run was writing it, and the run has stopped"
    )
  }

  /// With what to do when the cause is fixed, where there is a checkpoint.
  package var addingAdvice: Self {
    Self(
      description:
        "\(description); once that is fixed, the same command with --resume continues from the last checkpoint"
    )
  }

  /// Whatever Foundation says of a file.
  static func wrapping<Result>(_ file: URL, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch {
      throw FileFault(file, error).map(unwritable) ?? error
    }
  }
}
