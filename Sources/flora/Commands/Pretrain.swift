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

  @Option(help: "The folder for the base.")
  var out: OutputFolder?

  @OptionGroup var workers: WorkersArgument

  @Flag(help: "Go on from the checkpoint that an interrupted training left in the folder.")
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
      "Interrupted; a checkpoint is written every \(recipe.checkpointInterval) steps, and --resume goes on from the last."
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
    print("The base is in \(directory.relativePath).")
  }
}
