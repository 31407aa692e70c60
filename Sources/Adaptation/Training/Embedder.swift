import CLIP
import Tensors

/// Encodes texts and images with a base, as a method's trained numbers change it.
package struct Embedder {
  private let model: CLIPModel
  /// What the table's trained numbers lie in.
  private let parameters: Matrix
  private let table: ParameterTable
  private let context: ComputeContext

  /// The base itself.
  package init(_ model: CLIPModel) {
    self.model = model
    context = ComputeContext()
    parameters = context.matrix(0, 0)
    table = model.table
  }

  /// - Parameter parameters: the method's numbers, laid out as its `trainable` says.
  package init(_ adapted: AdaptedModel, parameters: [Float]) {
    model = adapted.model
    context = ComputeContext()
    self.parameters = context.matrix(1, parameters.count, copying: parameters)
    table = adapted.table(self.parameters, gradient: nil)
  }

  /// The embedding of a text, of unit length.
  package func embed(tokens: [Int32]) -> [Float] {
    let texts = TextBatch([tokens], model.configuration)
    return model.features(of: texts, table, context).rows.elements
  }

  /// The embedding of a preprocessed image [channels * size * size], of unit length.
  package func embed(pixels: [Float]) -> [Float] {
    let image = context.matrix(1, model.configuration.pixelCount, copying: pixels)
    return model.features(of: image, table, context).rows.elements
  }
}
