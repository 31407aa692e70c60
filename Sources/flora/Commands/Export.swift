import ArgumentParser
import BaseModels
import FederatedSimulation
import Foundation

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained method as a CLIP model that transformers loads.")

  @Argument(help: "A run's results folder.", completion: .directory)
  var results: String

  @Option(help: "The method, if the run has several.")
  var method: String?

  @Flag(help: "Merge the trained parameters into the model's weights.")
  var merged = false

  @Option(
    help: "The folder for the model. (default: merged/<method> in the results)",
    completion: .directory)
  var out: OutputFolder?

  func validate() throws {
    guard merged else {
      throw ValidationError(
        "The adapter itself is already in adapters/; use --merged for a complete model.")
    }
  }

  func run() throws {
    let name = results
    let results = URL(filePath: results, directoryHint: .isDirectory)
    if !FileManager.default.fileExists(atPath: results.path),
      let error = BaseModelError(shapeWithoutWeights: name)
    {
      throw InputError(description: "flora: \(error)")
    }
    let trained = try InputError.catching { try TrainedMethod(results, method: method) }
    let directory =
      out?.url
      ?? results.appending(path: "merged/\(trained.name)", directoryHint: .isDirectory)
    // The default folder belongs to the results and contains at most an earlier export.
    try InputError.catching { try trained.writeMerged(to: directory, replacing: out == nil) }
    print("Wrote the model to \(directory.relativePath).")
    if let folder = trained.attachmentFolder {
      print("Other parameters that \(trained.name) trained stay in \(folder.relativePath).")
    }
  }
}
