import ArgumentParser
import Foundation

/// Exit codes: 0 done; 2 the input is wrong, which one message on standard error explains; 130 and 143 interrupted;
/// 1 anything else.
@main
enum Main {
  static func main() async {
    do {
      var command = try Flora.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as InputError {
      fail(error.description, code: 2)
    } catch {
      switch Flora.exitCode(for: error) {
      case .success: print(Flora.message(for: error))
      case .validationFailure: fail(Flora.fullMessage(for: error), code: 2)
      default: fail("flora: \(error)", code: 1)
      }
    }
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    fflush(nil)
    // Workers may still compute, which an exit in good order would pull the ground from under.
    Interruption.leave(saying: message, code)
  }
}
