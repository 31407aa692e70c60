import Foundation
import Subprocess

/// Runs gnuplot.
enum Gnuplot {
  /// Draws a figure whose script and data are in a folder.
  ///
  /// - Returns: whether gnuplot is available.
  /// - Throws: `PlotError` if it fails.
  static func draw(_ figure: GnuplotFigure, in folder: URL) async throws -> Bool {
    let go = "cd \(GnuplotText.quoted(folder.path))"
    do {
      let result = try await Subprocess.run(
        .name("gnuplot"), arguments: ["-e", go, figure.scriptName], output: .discarded,
        error: .string(limit: 1 << 20))
      guard result.terminationStatus.isSuccess else {
        throw PlotError(
          "gnuplot could not draw \(figure.scriptName): \(result.standardError)")
      }
      for name in figure.pictureNames
      where !FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
        throw PlotError("gnuplot did not create \(name): \(result.standardError)")
      }
      return true
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return false
    }
  }
}

/// Why gnuplot failed to draw a figure.
package struct PlotError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
