import ArgumentParser
import BaseModels
import Foundation

/// The model argument of a command.
struct ModelArgument: ParsableArguments {
  @Argument(
    help: "The name of a bundled base model, or a folder in Hugging Face's layout.",
    completion: .directory)
  var model: String

  /// Opens a base with weights.
  func open() throws -> BaseModel {
    try InputError.catching { try BaseModel(model, relativeTo: folder) }
  }

  /// Opens a base with weights, or one that is only a shape.
  func openForCosts() throws -> BaseModel {
    // A folder with that name has the weights.
    let isFolder = FileManager.default.fileExists(atPath: folder.appending(path: model).path)
    return try (isFolder ? nil : BaseModel(shape: model)) ?? open()
  }

  private var folder: URL { URL(filePath: FileManager.default.currentDirectoryPath) }
}
