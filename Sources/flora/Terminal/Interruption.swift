import Dispatch
import Foundation

/// Ends the program in good order at Ctrl-C and at a request to terminate.
///
/// Tables grow by whole rows, each in one piece, so that leaving between two of them loses nothing
/// that was written.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  /// - Parameters:
  ///   - line: the progress line, which is taken away first.
  ///   - message: what is said on standard error.
  init(clearing line: TerminalLine, _ message: String) {
    sources = [SIGINT, SIGTERM].compactMap { number in
      // Whoever started the program with the signal ignored wants it so.
      let previous = unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
      guard previous != unsafeBitCast(SIG_IGN, to: Int.self) else { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        line.clear()
        FileHandle.standardError.write(Data((message + "\n").utf8))
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }
}
