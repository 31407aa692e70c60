import Foundation
import Tensors

/// A frozen CLIP model: its shape and its weights, shared by all users.
public struct CLIPModel: Sendable {
  public let configuration: CLIPConfiguration
  package let parameters: CLIPParameters
  package let weights: CLIPWeights

  package init(_ configuration: CLIPConfiguration, weights: CLIPWeights) {
    self.configuration = configuration
    parameters = CLIPParameters(configuration)
    self.weights = weights
  }

  /// Reads a model in Hugging Face's layout: `config.json` next to `model.safetensors`, or next to
  /// shards and their `model.safetensors.index.json`.
  ///
  /// - Throws: `ModelError` if a file is missing or malformed, or if a tensor is missing, does not
  ///   have the configured shape, or contains NaN or infinite numbers.
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

  /// The files that the weights were read from; empty for a model created in memory.
  public var weightFiles: [URL] { weights.files?.urls ?? [] }

  /// The number of parameters.
  public var parameterCount: Int { parameters.layout.count }

  /// The factor of the cosines before a softmax: e to the power of the stored parameter.
  public var logitScale: Float {
    let scale =
      weights.isRead
      ? weights.values[parameters.logitScale].pointee : configuration.initialLogitScale
    return Float(exp(Double(scale)))
  }

  /// The values of the parameters with the given indices, concatenated.
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

  /// A table with all parameters frozen.
  package var table: ParameterTable { ParameterTable(frozen: weights.values) }
}
