import CLIP
import Tensors

/// A method on a base: how to run both, and which towers have to run at every step.
package struct AdaptedModel: Sendable {
  package let model: CLIPModel
  package private(set) var method: any AdaptationMethod
  package let trainsVision: Bool
  package let trainsText: Bool
  /// Whether images are compared with class prompts rather than scored by a classifier.
  package let readsPrompts: Bool
  /// Whether image features are adapted before they are normalised.
  let adaptsImages: Bool
  /// Whether any base parameter is changed, so that the change can be merged into it.
  package let changesWeights: Bool
  /// Whether any trained parameters are outside the base and have no counterpart in a CLIP model.
  package let hasAttachments: Bool
  /// Whether clients differ only in updates of the text tower's layers that can be stacked, so that
  /// they can share everything else.
  package let sharesWeights: Bool
  /// The text tower's weights packed for products with few rows, by parameter index; empty if not
  /// packed.
  private var packed: [PackedWeight?] = []
  /// The precision for which they are packed.
  private var packedPrecision: Precision = .float32

  package init(_ model: CLIPModel, _ method: any AdaptationMethod) {
    self.model = model
    self.method = method
    let table = Self.tracingTable(model, method)
    let attachments = Self.attachments(model, method, table)
    trainsVision =
      VisionTower(
        model.parameters, model.configuration, table, prompts: attachments.visionPrompts
      ).isTrained
    trainsText =
      TextTower(
        model.parameters, model.configuration, table, context: attachments.context
      ).isTrained
    readsPrompts = attachments.classifier == nil
    adaptsImages = attachments.imageAdapter != nil
    let indices = model.parameters.layout.entries.indices
    hasAttachments = table.values.count > indices.count
    changesWeights = indices.contains {
      table.gradients[$0] != nil || table.updates[$0] != nil
    }
    freezesTextWeights =
      trainsText && !trainsVision && indices.allSatisfy { table.gradients[$0] == nil }
    sharesWeights =
      freezesTextWeights && attachments.context == nil
      && table.updates.allSatisfy { $0.map { type(of: $0).isStackable } ?? true }
  }

  /// Whether the text tower runs at every step with constant weights.
  private let freezesTextWeights: Bool

  /// Whether the blocks' weights, which all products of a pass except the last use, are packed.
  var isPacked: Bool {
    !packed.isEmpty
      && model.parameters.text.blocks.allSatisfy { block in
        LinearModule.allCases.allSatisfy { packed[block[$0].weight] != nil }
      }
  }

  /// A copy with the text tower's frozen weights packed for products with few rows, if that is
  /// faster.
  ///
  /// - Parameter precision: the precision of the contexts in which the copy will run.
  func packingFrozenWeights(_ precision: Precision = .float32) -> AdaptedModel {
    guard freezesTextWeights, PackedWeight.pays(precision) else { return self }
    var model = self
    model.packedPrecision = precision
    model.pack(replacing: nil)
    return model
  }

  /// A copy with a method that changes the same layers, but may train another part of the change or
  /// have other constants in those layers.
  func replacingMethod(by method: any AdaptationMethod) -> AdaptedModel {
    var model = self
    model.method = method
    let (old, new) = (
      Self.tracingTable(self.model, self.method), Self.tracingTable(self.model, method)
    )
    precondition(
      old.values.count == new.values.count
        && old.values.indices.allSatisfy {
          (old.gradients[$0] == nil) == (new.gradients[$0] == nil)
            && (old.updates[$0] == nil) == (new.updates[$0] == nil)
        }, "the method changes the same layers")
    if !packed.isEmpty { model.pack(replacing: self) }
    return model
  }

  /// - Parameter last: a packed model from which unchanged packed weights are reused.
  private mutating func pack(replacing last: AdaptedModel?) {
    let values = frozenValues
    let lastValues = last?.frozenValues
    packed = .init(repeating: nil, count: values.count)
    for projection in model.parameters.text.projections {
      let weight = projection.weight
      packed[weight] =
        lastValues?[weight] == values[weight]
        ? last?.packed[weight]
        : PackedWeight(
          values[weight], inputs: projection.inputs, outputs: projection.outputs,
          precision: packedPrecision)
    }
  }

  /// The addresses of all parameters that the method does not train, including its constants.
  private var frozenValues: [UnsafePointer<Float>] {
    method.table(
      base: model.weights.values, parameters: ComputeContext.untouched, gradient: nil
    ).values
  }

  /// A table for tracing contexts, with addresses that are never accessed.
  static func tracingTable(_ model: CLIPModel, _ method: any AdaptationMethod) -> ParameterTable {
    let untouched = ComputeContext.untouched
    return method.table(
      base: model.weights.values.map { _ in UnsafePointer(untouched) }, parameters: untouched,
      gradient: untouched)
  }

  /// The maximum number of parts of each batch: one if no tower is trained, since there is nothing
  /// to share.
  func parts(_ training: LocalTraining) -> Int {
    trainsVision || trainsText ? training.batchParts : 1
  }

  /// The method's attachments, bound to a table created by this model.
  func attachments(_ table: ParameterTable) -> Attachments {
    Self.attachments(model, method, table)
  }

  private static func attachments(
    _ model: CLIPModel, _ method: any AdaptationMethod, _ table: ParameterTable
  ) -> Attachments {
    method.attachments(
      (model.parameters.layout.entries.count..<table.values.count).map { table[$0] })
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

  func step(
    _ table: ParameterTable, _ loss: Loss, _ savings: ExactSavings = .all,
    _ techniques: TrainingTechniques = TrainingTechniques()
  ) -> TrainingStep {
    TrainingStep(
      model.parameters, model.configuration, table, attachments(table),
      logitScale: model.logitScale, loss: loss,
      prunesLastBlock: savings.contains(.prunedLastBlock), techniques: techniques)
  }

  func imageEncoder(_ table: ParameterTable) -> ImageEncoder {
    let attachments = attachments(table)
    return ImageEncoder(
      VisionTower(
        model.parameters, model.configuration, table, prompts: attachments.visionPrompts),
      adapter: attachments.imageAdapter)
  }

  /// The input of a step or an evaluation for some samples: cached features if available and the
  /// tower is frozen.
  func input(
    _ samples: [Int], _ images: ImageSource, _ features: FrozenFeatures?, _ context: ComputeContext
  ) -> TrainingStep.Images {
    guard let features, !trainsVision else { return .pixels(images.pixels(samples, context)) }
    return .features(
      adaptsImages ? features.gatherRaw(samples, context) : features.gather(samples, context))
  }

  /// The text tower for passes that record without a backward pass; no gradient is accessed.
  ///
  /// - Parameter parameters: the method's parameters; if omitted, the tower may run only below its
  ///   lowest trained layer.
  func textTower(
    parameters: UnsafePointer<Float> = UnsafePointer(ComputeContext.untouched),
    _ savings: ExactSavings, _ techniques: TrainingTechniques = TrainingTechniques()
  ) -> TextTower {
    textTower(
      table(parameters, gradient: ComputeContext.untouched),
      TowerOptions(
        prunesLastBlock: savings.contains(.prunedLastBlock),
        recomputesBlocks: techniques.checkpointing == .blocks))
  }

  func textTower(_ table: ParameterTable, _ options: TowerOptions = TowerOptions()) -> TextTower {
    TextTower(
      model.parameters, model.configuration, table, context: attachments(table).context, options)
  }
}
