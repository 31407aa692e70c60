import CLIP
import Tensors

/// A method on a base: how to run both, and which towers need running at every step.
package struct AdaptedModel: Sendable {
  package let model: CLIPModel
  package let method: any AdaptationMethod
  package let trainsVision: Bool
  package let trainsText: Bool
  /// Whether clients differ in low-rank updates of the text tower alone, so that they can share
  /// everything else.
  package let sharesWeights: Bool
  /// The text tower's weights laid out for products with few rows, by parameter index; empty where they
  /// are not.
  private var packed: [PackedWeight?] = []

  package init(_ model: CLIPModel, _ method: any AdaptationMethod) {
    self.model = model
    self.method = method
    let table = Self.tracingTable(model, method)
    trainsVision = VisionTower(model.parameters, model.configuration, table).isTrained
    trainsText = TextTower(model.parameters, model.configuration, table).isTrained
    sharesWeights =
      trainsText && !trainsVision && table.gradients.allSatisfy { $0 == nil }
  }

  /// Whether the blocks' weights, which all but the last product of a pass multiply with, are packed.
  var isPacked: Bool {
    !packed.isEmpty
      && model.parameters.text.blocks.allSatisfy { block in
        LinearModule.allCases.allSatisfy { packed[block[$0].weight] != nil }
      }
  }

  /// The same with the text tower's frozen weights laid out for products with few rows, where they pay.
  func packingFrozenWeights() -> AdaptedModel {
    guard sharesWeights, PackedWeight.pays else { return self }
    var model = self
    model.packed = .init(repeating: nil, count: self.model.weights.values.count)
    for projection in self.model.parameters.text.projections {
      model.packed[projection.weight] = PackedWeight(
        self.model.weights.values[projection.weight], inputs: projection.inputs,
        outputs: projection.outputs)
    }
    return model
  }

  /// A table for tracing contexts: every address is one that is never touched.
  static func tracingTable(_ model: CLIPModel, _ method: any AdaptationMethod) -> ParameterTable {
    let untouched = ComputeContext.untouched
    return method.table(
      base: model.weights.values.map { _ in UnsafePointer(untouched) }, parameters: untouched,
      gradient: untouched)
  }

  func table(_ parameters: Matrix, gradient: Matrix?) -> ParameterTable {
    table(parameters.base, gradient: gradient?.base)
  }

  private func table(
    _ parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = method.table(
      base: model.weights.values, parameters: parameters, gradient: gradient)
    if !packed.isEmpty { table.packed = packed }
    return table
  }

  func step(_ table: ParameterTable, _ loss: Loss, _ savings: ExactSavings = .all) -> TrainingStep {
    TrainingStep(
      model.parameters, model.configuration, table, logitScale: model.logitScale, loss: loss,
      prunesLastBlock: savings.contains(.prunedLastBlock))
  }

  /// The text tower for passes that record but run no backward pass: no gradient's address is touched.
  ///
  /// - Parameter parameters: the method's numbers; left out, the tower may be run below its lowest
  ///   trained layer only.
  func textTower(
    parameters: UnsafePointer<Float> = UnsafePointer(ComputeContext.untouched),
    _ savings: ExactSavings
  ) -> TextTower {
    TextTower(
      model.parameters, model.configuration,
      table(parameters, gradient: ComputeContext.untouched),
      prunesLastBlock: savings.contains(.prunedLastBlock))
  }
}
