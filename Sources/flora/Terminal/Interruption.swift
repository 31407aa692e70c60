import Dispatch
import Foundation

/// Ends the program in good order at Ctrl-C and at a request to terminate.
///
/// A run that listens is asked to stop, and is waited for as long as it takes it to see that; everything else, and
/// who asks twice, is left at once. Tables grow by whole rows, each in one piece, so that leaving between two
/// of them loses nothing that was written.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  /// How long a run may take until it sees that it is to stop, in seconds: as a test of a large model may take
  /// minutes.
  private static let patience = 10.0

  /// - Parameters:
  ///   - line: the progress line, which is taken away first.
  ///   - stop: asks the run to stop; nil to leave at once.
  ///   - message: what is said on standard error where the run cannot say it.
  init(clearing line: TerminalLine, asking stop: StopRequest? = nil, _ message: String) {
    sources = [SIGINT, SIGTERM].compactMap { number in
      // Whoever started the program with the signal ignored wants it so.
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

  /// Has a process that is aborted, as Swift's runtime does where memory is missing, say how to go on; 1 is its exit
  /// code then.
  static func adviseWhenAborted() {
    signal(SIGABRT) { _ in
      // No more than a signal's handler may: nothing is allocated.
      let advice: StaticString =
        "flora: the run has stopped, most likely because memory ran out; the tables end with complete rows, and the same command with --resume continues from the last checkpoint, if there is one\n"
      _ = write(STDERR_FILENO, advice.utf8Start, advice.utf8CodeUnitCount)
      _exit(1)
    }
  }

  /// Leaves although workers may still compute.
  ///
  /// - Parameter last: done when the message has been written.
  static func leave(saying message: String, _ code: Int32, _ last: () -> Void = {}) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    last()
    _exit(code)
  }
}
