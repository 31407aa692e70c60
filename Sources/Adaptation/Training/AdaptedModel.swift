import CLIP
import Tensors

/// A method on a base: how to run both, and which towers need running at every step.
package struct AdaptedModel: Sendable {
  package let model: CLIPModel
  package let method: any AdaptationMethod
  package let trainsVision: Bool
  package let trainsText: Bool

  package init(_ model: CLIPModel, _ method: any AdaptationMethod) {
    self.model = model
    self.method = method
    let table = Self.tracingTable(model, method)
    trainsVision = VisionTower(model.parameters, model.configuration, table).isTrained
    trainsText = TextTower(model.parameters, model.configuration, table).isTrained
  }

  /// A table for tracing contexts: every address is one that is never touched.
  static func tracingTable(_ model: CLIPModel, _ method: any AdaptationMethod) -> ParameterTable {
    let untouched = ComputeContext.untouched
    return method.table(
      base: model.weights.values.map { _ in UnsafePointer(untouched) }, parameters: untouched,
      gradient: untouched)
  }

  func table(_ parameters: Matrix, gradient: Matrix?) -> ParameterTable {
    method.table(
      base: model.weights.values, parameters: parameters.base, gradient: gradient?.base)
  }

  func step(_ table: ParameterTable, _ loss: Loss) -> TrainingStep {
    TrainingStep(
      model.parameters, model.configuration, table, logitScale: model.logitScale, loss: loss)
  }
}
