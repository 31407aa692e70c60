import CLIP
import Tensors

/// Merges a method's trained parameters into the base's weights: W + scale B A, or W + scale B R A.
package enum MergedWeights {
  /// - Returns: all parameters of the model in its layout.
  package static func vector(_ adapted: AdaptedModel, parameters: [Float]) -> [Float] {
    let context = ComputeContext()
    let layout = adapted.model.parameters.layout
    let numbers = context.matrix(1, parameters.count, copying: parameters)
    let table = adapted.table(numbers, gradient: nil)
    let merged = context.matrix(1, layout.count)
    for (index, entry) in layout.entries.enumerated() {
      let target = merged.base + entry.offset
      context.copy(table.values[index], to: target, count: entry.count)
      guard let update = table.updates[index].first else { continue }
      let (outputs, inputs) = (entry.shape[0], entry.shape[1])
      let b = MatrixView(reading: update.b.value, rows: outputs, columns: update.rank)
      let mixed = update.core.map { core in
        let mixed = context.matrix(outputs, update.rank)
        context.multiply(
          b, .asIs, MatrixView(reading: core.value, rows: update.rank, columns: update.rank),
          into: mixed.view)
        return mixed
      }
      defer { mixed?.recycle() }
      context.multiply(
        mixed?.view ?? b, .asIs,
        MatrixView(reading: update.a.value, rows: update.rank, columns: inputs), .asIs,
        into: MatrixView(target, rows: outputs, columns: inputs), alpha: update.scale, beta: 1)
    }
    return merged.elements
  }
}
