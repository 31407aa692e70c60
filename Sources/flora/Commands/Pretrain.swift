import ArgumentParser
import Foundation
import Pretraining

struct Pretrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a base model from scratch on drawings and captioned pictures.")

  @Argument(help: "The recipe file.", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String

  @Option(name: .customLong("set"), help: "Override a key, such as training.steps=100; repeatable.")
  var overrides: [String] = []

  @Option(help: "The folder for the base model.", completion: .directory)
  var out: OutputFolder?

  @OptionGroup var workers: WorkersArgument

  @Flag(help: "Resume from the checkpoint of an interrupted training in the folder.")
  var resume = false

  func run() throws {
    let recipe = try InputError.catching {
      try PretrainingRecipe(file: URL(filePath: self.recipe), overrides: overrides)
    }
    let directory =
      out?.url
      ?? URL(filePath: "results/bases/\(recipe.name)", directoryHint: .isDirectory)
    let line = TerminalLine(isVisible: isatty(STDERR_FILENO) == 1)
    let interruption = Interruption(
      clearing: line,
      "Interrupted; a checkpoint is written every \(recipe.checkpointInterval) steps; --resume continues from the last one."
    )
    defer { withExtendedLifetime(interruption) {} }
    try workers.reserve()
    line.show("reading pictures and training the vocabulary")
    try InputError.catching {
      let pretrainer = try Pretrainer(recipe)
      var display = PretrainingLine(line, steps: recipe.steps)
      try pretrainer.train(into: directory, workers: workers.count, isResuming: resume) {
        display.show($0)
      }
    }
    line.clear()
    print("Wrote the base model to \(directory.relativePath).")
  }
}
