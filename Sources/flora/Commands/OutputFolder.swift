import ArgumentParser
import Foundation

/// The folder that an option names for what a command writes.
struct OutputFolder: ExpressibleByArgument {
  let url: URL

  /// Nil for an empty text, as an unset variable of a shell leaves, which would mean the working folder.
  init?(argument: String) {
    guard argument.contains(where: { !$0.isWhitespace }) else { return nil }
    url = URL(filePath: argument, directoryHint: .isDirectory)
  }
}
