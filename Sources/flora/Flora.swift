import ArgumentParser
import Results
import Tensors

/// The command line: each command parses its arguments, calls the library, and prints.
struct Flora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flora",
    abstract: "Simulates federated fine-tuning of CLIP on fleets of heterogeneous devices.",
    discussion: "Time is simulated, training is real, and every byte is counted.",
    version: version,
    subcommands: [
      Init.self, Validate.self, Explain.self, Run.self, Report.self,
      Compare.self, List.self, FleetCommand.self, Model.self,
      Calibrate.self,
      Embed.self, Export.self, Pretrain.self, Evaluate.self, Draw.self, Cache.self, Schema.self,
    ])

  /// The release, the commit that it was built from, and the kernels of matrix products.
  private static var version: String {
    let commit = BuildCommit.text.isEmpty ? "unknown commit" : "commit \(BuildCommit.text)"
    return "\(FloraVersion.current) (\(commit), \(BLAS.kernels))"
  }
}
