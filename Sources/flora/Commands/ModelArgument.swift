import ArgumentParser
import BaseModels
import Foundation

/// The model that a command looks at.
struct ModelArgument: ParsableArguments {
  @Argument(help: "A base that ships, or a folder in Hugging Face's layout.")
  var model: String

  func open() throws -> BaseModel {
    try InputError.catching {
      try BaseModel(model, relativeTo: URL(filePath: FileManager.default.currentDirectoryPath))
    }
  }
}
