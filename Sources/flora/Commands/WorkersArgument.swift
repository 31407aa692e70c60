import ArgumentParser
import Foundation
import Ranks
import Tensors

/// The number of worker threads, which does not affect results.
struct WorkersArgument: ParsableArguments {
  @Option(
    name: .customLong("workers"), help: "Number of worker threads; results do not depend on it.")
  var count = Self.available

  /// The processors available to this process: if several ranks share a host without being bound to
  /// processors, its share of them.
  private static var available: Int {
    let (information, launch) = (ProcessInfo.processInfo, RankLaunch())
    let count = information.activeProcessorCount
    return count < information.processorCount ? count : max(1, count / (launch?.onThisHost ?? 1))
  }

  func validate() throws {
    guard (1...1024).contains(count) else {
      throw ValidationError("--workers takes a whole number from 1 to 1024.")
    }
  }

  /// Reserves the memory that the workers need, before any results exist.
  func reserve() throws {
    guard BLAS.reserve(threads: count) else {
      throw InputError(
        description:
          "flora: insufficient memory for \(count) workers, each of which needs 160 MB of address space; "
          + "raise the limit of the process (ulimit -v), or use fewer with --workers")
    }
  }
}
