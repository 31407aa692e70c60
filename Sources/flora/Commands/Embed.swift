import Adaptation
import ArgumentParser
import BaseModels
import CLIP
import Foundation

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print embeddings of unit length, one JSON object a line.")

  @Argument(help: "A base that ships, or a folder in Hugging Face's layout.")
  var model: String

  @Option(help: "A text; repeatable.")
  var text: [String] = []

  func validate() throws {
    if text.isEmpty { throw ValidationError("Give at least one --text.") }
  }

  func run() throws {
    let base = try InputError.catching {
      try BaseModel(model, relativeTo: URL(filePath: FileManager.default.currentDirectoryPath))
    }
    let embedder = Embedder(base.model)
    for text in text {
      try printLine(Line(text: text, embedding: embedder.embed(tokens: base.tokens(text))))
    }
  }

  /// A line of the output.
  private struct Line: Encodable {
    var text: String?
    var image: String?
    let embedding: [Float]
  }

  private func printLine(_ line: Line) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}
