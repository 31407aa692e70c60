import ArgumentParser
import Foundation

/// On how many threads a command computes, which changes no result.
struct WorkersArgument: ParsableArguments {
  @Option(
    name: .customLong("workers"), help: "Threads that compute; the results do not depend on it.")
  var count = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...1024).contains(count) else {
      throw ValidationError("--workers takes a whole number from 1 to 1024.")
    }
  }
}
