import ArgumentParser
import Foundation
import Pretraining

struct Pretrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a base model from scratch on drawn pictures.")

  @Argument(help: "The recipe file.", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String

  @Option(name: .customLong("set"), help: "Override a key, such as training.steps=100; repeatable.")
  var overrides: [String] = []

  @Option(help: "The folder for the base.")
  var out: String?

  func run() throws {
    let recipe = try InputError.catching {
      try PretrainingRecipe(file: URL(filePath: self.recipe), overrides: overrides)
    }
    let directory = URL(
      filePath: out ?? "results/bases/\(recipe.name)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let log = directory.appending(path: "training.csv")
    var rows = "step,loss,learning_rate,logit_scale\n"
    let line = TerminalLine(isVisible: isatty(STDERR_FILENO) == 1)
    let interruption = Interruption(
      clearing: line, "Interrupted; no base was written, \(log.relativePath) ends where it was.")
    defer { withExtendedLifetime(interruption) {} }
    let pace = Pace()
    var recent: [Double] = []
    try Pretrainer(recipe).train(into: directory) { progress in
      rows += "\(progress.step),\(progress.loss),\(progress.learningRate),\(progress.logitScale)\n"
      recent = recent.suffix(49) + [progress.loss]
      let mean = recent.reduce(0, +) / Double(recent.count)
      line.show(
        "step \(progress.step)/\(recipe.steps) · loss \(mean.significant)"
          + pace.left(done: progress.step, of: recipe.steps))
      if progress.step % 100 == 0 { try? Data(rows.utf8).write(to: log, options: .atomic) }
    }
    try Data(rows.utf8).write(to: log, options: .atomic)
    line.clear()
    print("The base is in \(directory.relativePath).")
  }
}
