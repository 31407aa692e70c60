import ArgumentParser
import Results

/// The command line: each command reads its arguments, calls the library, and prints.
struct Flora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flora",
    abstract: "Simulates federated fine-tuning of CLIP on fleets of uneven devices.",
    discussion: "Time is simulated, training is real, and every byte is counted.",
    version: FloraVersion.current,
    subcommands: [
      Init.self, Validate.self, Explain.self, Run.self, Report.self, FleetCommand.self, Model.self,
      Calibrate.self,
      Embed.self, Export.self, Pretrain.self, Evaluate.self, Draw.self, Cache.self, Schema.self,
    ])
}
