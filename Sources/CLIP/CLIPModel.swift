import Foundation
import Tensors

/// A frozen CLIP: its shape and its numbers, shared by all who compute with it.
public struct CLIPModel: Sendable {
  public let configuration: CLIPConfiguration
  package let parameters: CLIPParameters
  package let weights: CLIPWeights

  package init(_ configuration: CLIPConfiguration, weights: CLIPWeights) {
    self.configuration = configuration
    parameters = CLIPParameters(configuration)
    self.weights = weights
  }

  /// A model in Hugging Face's layout: `config.json` beside `model.safetensors`, or beside shards
  /// and their `model.safetensors.index.json`.
  ///
  /// - Throws: `ModelError` where a file is missing or malformed, or a tensor is missing, has another
  ///   shape than the configuration calls for, or numbers that are not finite.
  public init(directory: URL) throws(ModelError) {
    configuration = try CLIPConfiguration(
      file: directory.appendingPathComponent("config.json"))
    parameters = CLIPParameters(configuration)
    let files = try WeightFiles(directory: directory)
    weights = try CLIPWeights(files, parameters.layout)
    guard logitScale.isFinite else {
      let name = parameters.layout.entries[parameters.logitScale].name
      throw ModelError(
        try files.find(name).0.file,
        "gives \(name) as \(weights.values[parameters.logitScale].pointee), and e to the power of it is not finite"
      )
    }
  }

  /// The files that the numbers were read from; none for a model from memory.
  public var weightFiles: [URL] { weights.files?.urls ?? [] }

  /// How many numbers the model has.
  public var parameterCount: Int { parameters.layout.count }

  /// What cosines are multiplied by before a softmax: e to the power of the stored parameter.
  public var logitScale: Float {
    let scale =
      weights.isRead
      ? weights.values[parameters.logitScale].pointee : configuration.initialLogitScale
    return Float(exp(Double(scale)))
  }

  /// The numbers of the parameters with the given indices, one parameter after the other.
  package func numbers(_ indices: some Sequence<Int>) -> [Float] {
    indices.flatMap {
      UnsafeBufferPointer(start: weights.values[$0], count: parameters.layout.entries[$0].count)
    }
  }

  /// The embedding of a token, [text width].
  package func tokenEmbedding(_ token: Int32) -> [Float] {
    let width = configuration.text.width
    let table = weights.values[parameters.text.tokenEmbedding]
    return Array(UnsafeBufferPointer(start: table + Int(token) * width, count: width))
  }

  /// All parameters frozen.
  package var table: ParameterTable { ParameterTable(frozen: weights.values) }
}
