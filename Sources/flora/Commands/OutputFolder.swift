import ArgumentParser
import Foundation

/// The folder given by an output option.
struct OutputFolder: ExpressibleByArgument {
  let url: URL

  /// Nil for empty text, which an unset shell variable produces and which would mean the working
  /// directory.
  init?(argument: String) {
    guard argument.contains(where: { !$0.isWhitespace }) else { return nil }
    url = URL(filePath: argument, directoryHint: .isDirectory)
  }
}
