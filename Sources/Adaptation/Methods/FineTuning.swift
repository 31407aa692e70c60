import CLIP
import Tensors

/// Fine-tuning of the base's own parameters: every parameter of both towers except the logit scale,
/// or a selection of them.
package struct FineTuning: AdaptationMethod {
  package let trainable: ParameterLayout
  /// The model's parameter index of each trainable parameter.
  private let indices: [Int]

  /// - Parameter selection: which parameters are trained; by default all but the logit scale.
  package init(_ configuration: CLIPConfiguration, _ selection: ParameterSelection = .all) {
    let parameters = CLIPParameters(configuration)
    let entries = parameters.layout.entries
    indices = entries.indices.filter {
      $0 != parameters.logitScale && selection.contains(entries[$0].name)
    }
    var layout = ParameterLayout()
    for index in indices { layout.append(entries[index].name, entries[index].shape) }
    trainable = layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    model.numbers(indices)
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    table.replace(indices, with: trainable, at: parameters, gradient: gradient)
    return table
  }
}
