import Dispatch
import Foundation

/// Graceful shutdown on Ctrl-C and on a termination request.
///
/// A run that listens is asked to stop and gets time to respond. In all other cases, and on a
/// second signal, the program exits immediately. Tables grow by whole rows, each written at once,
/// so exiting between two of them loses nothing already written.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  /// The maximum number of seconds until a run notices the request: testing a large model may take
  /// minutes.
  private static let patience = 10.0

  /// - Parameters:
  ///   - line: the progress line to clear first.
  ///   - stop: the request to stop the run; nil to exit immediately.
  ///   - message: the message for standard error if the run cannot print it.
  init(clearing line: TerminalLine, asking stop: StopRequest? = nil, _ message: String) {
    sources = [SIGINT, SIGTERM].compactMap { number in
      // Respect a signal that the parent process ignores on purpose.
      let previous = unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
      guard previous != unsafeBitCast(SIG_IGN, to: Int.self) else { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let leave: @Sendable () -> Void = {
        line.clear()
        Self.leave(saying: message, 128 + number)
      }
      source.setEventHandler {
        guard let stop, stop.request(number) else { return leave() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
          if !stop.isAnswered { leave() }
        }
      }
      source.resume()
      return source
    }
  }

  /// Makes an aborted process, such as one that Swift's runtime aborts for insufficient memory,
  /// print how to resume; its exit code is then 1.
  static func adviseWhenAborted() {
    signal(SIGABRT) { _ in
      // Only async-signal-safe calls: no allocation.
      let advice: StaticString =
        "flora: the run has stopped, most likely because memory ran out; the tables end with complete rows, and the same command with --resume continues from the last checkpoint, if there is one\n"
      _ = write(STDERR_FILENO, advice.utf8Start, advice.utf8CodeUnitCount)
      _exit(1)
    }
  }

  /// Exits immediately, although workers may still be computing.
  ///
  /// - Parameter last: called after the message is written.
  static func leave(saying message: String, _ code: Int32, _ last: () -> Void = {}) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    last()
    _exit(code)
  }
}
