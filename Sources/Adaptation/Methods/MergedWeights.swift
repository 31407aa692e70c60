import CLIP
import Tensors

/// Merges a method's trained parameters into the base's weights, such as W + scale B A.
package enum MergedWeights {
  /// - Returns: all parameters of the model in its layout.
  package static func vector(_ adapted: AdaptedModel, parameters: [Float]) -> [Float] {
    let context = ComputeContext()
    let layout = adapted.model.parameters.layout
    let numbers = context.matrix(1, parameters.count, copying: parameters)
    let table = adapted.table(numbers, gradient: nil)
    let merged = context.matrix(1, layout.count)
    for (index, entry) in layout.entries.enumerated() {
      context.copy(table.values[index], to: merged.base + entry.offset, count: entry.count)
    }
    let (text, vision) = (adapted.model.parameters.text, adapted.model.parameters.vision)
    for projection in text.projections + vision.projections {
      guard let update = table.updates[projection.weight] else { continue }
      update.merge(
        into: MatrixView(
          merged.base + layout.entries[projection.weight].offset, rows: projection.outputs,
          columns: projection.inputs),
        bias: projection.bias.map { merged.base + layout.entries[$0].offset }, context)
    }
    return merged.elements
  }
}
