import ArgumentParser
import Foundation
import Tensors

/// Exit codes: 0 success; 2 invalid input, explained by one message on standard error; 130 and 143
/// interrupted; 1 any other error.
@main
enum Main {
  static func main() async {
    if let known = BLAS.unknownKernels {
      Interruption.leave(
        saying:
          "flora: FLORA_KERNELS contains a name that is not available on this processor: \(known)",
        2)
    }
    do {
      var command = try Flora.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      let (message, code) = outcome(of: error)
      guard code != 0 else { return print(message) }
      fflush(nil)
      // Workers may still be computing, and a regular exit would destroy the state that they use.
      Interruption.leave(saying: message, code)
    }
  }

  /// The message and the exit code for an error that ended a command.
  static func outcome(of error: any Error) -> (message: String, code: Int32) {
    if let error = error as? InputError { return (error.description, 2) }
    return switch Flora.exitCode(for: error) {
    case .success: (Flora.message(for: error), 0)
    case .validationFailure: (Flora.fullMessage(for: error), 2)
    default: ("flora: \(ErrorText.text(error))", 1)
    }
  }
}
