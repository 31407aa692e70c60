import Foundation
import Storage

/// Why results can no longer be written, as a sentence that names the file.
///
/// The cause is external, such as a full disk or a deleted folder, rather than the user's input.
package struct ResultsFault: Error, Equatable, CustomStringConvertible {
  package let description: String

  package static func unwritable(_ fault: FileFault) -> Self {
    Self(description: "\(fault.file.relativePath) cannot be written: \(fault.reason)")
  }

  /// - Parameter file: a file that is no longer the one written by the run.
  static func gone(_ file: URL) -> Self {
    Self(
      description:
        "\(file.relativePath) was removed or replaced while the run was writing it, and the run has stopped"
    )
  }

  /// Adds how to resume after fixing the cause, if there is a checkpoint.
  package var addingAdvice: Self {
    Self(
      description:
        "\(description); once that is fixed, the same command with --resume continues from the last checkpoint"
    )
  }

  /// Converts Foundation's errors about a file.
  static func wrapping<Result>(_ file: URL, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch {
      throw FileFault(file, error).map(unwritable) ?? error
    }
  }
}
