import Foundation

@testable import Tensors

/// Measures one case and prints a CSV row for each repeat, like the Python benchmarks:
///
///     FloraBenchmarks BENCHMARK IMPLEMENTATION [--repeats N]
///     FloraBenchmarks --list        prints the names of all cases
///     FloraBenchmarks --kernels     prints the BLAS library and its kernels
@main
enum Main {
  private static let cases =
    TrainingSteps.cases + ManyClients.cases + EventThroughput.cases + SharedLink.cases
    + MatrixProducts.cases

  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["--list"] {
      for measured in cases { print(measured.benchmark, measured.implementation) }
      return
    }
    if arguments == ["--kernels"] { return print(BLAS.kernels) }
    let repeats = takeRepeats(from: &arguments)
    guard
      arguments.count == 2, let repeats,
      let measured = cases.first(where: { [$0.benchmark, $0.implementation] == arguments })
    else {
      let usage = "usage: FloraBenchmarks BENCHMARK IMPLEMENTATION [--repeats N]"
      FileHandle.standardError.write(Data("\(usage); --list names all\n".utf8))
      exit(2)
    }
    for sample in measured.measure(repeats) {
      print("\(measured.benchmark),\(measured.implementation),\(sample.row)")
    }
  }

  /// Removes `--repeats N` from the arguments and returns N; 3 by default, nil if N is invalid.
  private static func takeRepeats(from arguments: inout [String]) -> Int? {
    guard let option = arguments.firstIndex(of: "--repeats") else { return 3 }
    defer { arguments.removeSubrange(option..<min(option + 2, arguments.count)) }
    return arguments.dropFirst(option + 1).first.flatMap(Int.init)
  }
}
