import CLIP
import Tensors

/// Encodes texts and images with a base and a method's trained parameters.
package struct Embedder {
  private let configuration: CLIPConfiguration
  private let textTower: TextTower
  private let imageEncoder: ImageEncoder
  /// The memory of the method's trained parameters.
  private let parameters: Matrix
  private let context: ComputeContext

  /// Creates an embedder for the base itself.
  package init(_ model: CLIPModel) {
    configuration = model.configuration
    context = ComputeContext()
    parameters = context.matrix(0, 0)
    textTower = TextTower(model.parameters, configuration, model.table)
    imageEncoder = ImageEncoder(
      VisionTower(model.parameters, configuration, model.table), adapter: nil)
  }

  /// - Parameter parameters: the method's parameters in the layout of its `trainable`.
  package init(_ adapted: AdaptedModel, parameters: [Float]) {
    configuration = adapted.model.configuration
    context = ComputeContext()
    self.parameters = context.matrix(1, parameters.count, copying: parameters)
    let table = adapted.table(self.parameters, gradient: nil)
    textTower = adapted.textTower(table)
    imageEncoder = adapted.imageEncoder(table)
  }

  /// The normalised embedding of a text.
  package func embed(tokens: [Int32]) -> [Float] {
    let texts = TextRows(TextBatch([tokens], configuration))
    let (features, _) = textTower.forward(texts, recording: false, context)
    return UnitRows(normalizing: features, context).rows.elements
  }

  /// The normalised embedding of a preprocessed image [channels * size * size].
  package func embed(pixels: [Float]) -> [Float] {
    let image = context.matrix(1, configuration.pixelCount, copying: pixels)
    return imageEncoder.forward(.pixels(image), recording: false, context).0.rows.elements
  }
}
