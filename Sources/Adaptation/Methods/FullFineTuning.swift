import CLIP
import Tensors

/// Full fine-tuning: trains and sends every parameter of both towers except the logit scale.
package struct FullFineTuning: AdaptationMethod {
  package let trainable: ParameterLayout
  /// The model's parameter index of each trainable parameter.
  private let indices: [Int]

  package init(_ configuration: CLIPConfiguration) {
    let parameters = CLIPParameters(configuration)
    var layout = ParameterLayout()
    var indices: [Int] = []
    for (index, entry) in parameters.layout.entries.enumerated()
    where index != parameters.logitScale {
      layout.append(entry.name, entry.shape)
      indices.append(index)
    }
    trainable = layout
    self.indices = indices
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    model.numbers(indices)
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    for (index, entry) in zip(indices, trainable.entries) {
      table.values[index] = parameters + entry.offset
      table.gradients[index] = gradient.map { $0 + entry.offset }
    }
    return table
  }
}
