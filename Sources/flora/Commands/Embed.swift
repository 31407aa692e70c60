import Adaptation
import ArgumentParser
import CLIP
import Foundation
import Pictures

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print normalized embeddings, one JSON object per line.")

  @OptionGroup var input: ModelArgument

  @Option(help: "A text; repeatable.")
  var text: [String] = []

  @Option(help: "A PNG, JPEG, WebP, GIF, TIFF or BMP file; repeatable.", completion: .file())
  var image: [String] = []

  @Option(help: "A LoRA, DoRA or IA3 adapter in PEFT's format.", completion: .directory)
  var adapter: String?

  func validate() throws {
    if text.isEmpty, image.isEmpty {
      throw ValidationError("Give at least one --text or --image.")
    }
  }

  func run() throws {
    let base = try input.open()
    let (embedder, pictures) = try InputError.catching {
      (try makeEmbedder(base.model), try image.map { try Picture(file: URL(filePath: $0)) })
    }
    for text in text {
      try printLine(Line(text: text, embedding: embedder.embed(tokens: base.tokens(text))))
    }
    for (file, picture) in zip(image, pictures) {
      let pixels = base.preprocessor.process(
        picture.pixels, height: picture.height, width: picture.width, channels: 3)
      try printLine(Line(image: file, embedding: embedder.embed(pixels: pixels)))
    }
  }

  private func makeEmbedder(_ model: CLIPModel) throws -> Embedder {
    guard let adapter else { return Embedder(model) }
    let method = try PEFTAdapter(directory: URL(filePath: adapter)).method(model.configuration)
    return Embedder(
      AdaptedModel(model, method), parameters: method.initialParameters(of: model, seed: 0))
  }

  /// A line of the output.
  private struct Line: Encodable {
    var text: String?
    var image: String?
    let embedding: [Float]
  }

  private func printLine(_ line: Line) throws {
    let square = line.embedding.reduce(0) { $0 + $1 * $1 }
    guard abs(square - 1) < 0.01 else {
      throw InputError(
        description:
          "flora: the embedding of \(line.image ?? "\"\(line.text ?? "")\"") overflows or vanishes; the model's numbers, or those of the adapter, are too large or zero"
      )
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}
