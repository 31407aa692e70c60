import CLIP
import Tensors

/// A linear classifier on normalised image features, alone (FLORA's "FedLC") or together with the
/// vision tower below it ("FedVM-LC"; arXiv 2404.15182).
///
/// With z the normalised image feature, the class scores are W z + b, with W [classes, projection]
/// and b [classes]. W is initialised with the normalised features of the class prompts and b with
/// zero, so that the largest score is that of the base's nearest prompt. The loss is the
/// cross-entropy over the scores without a logit scale. The trained vision model is the whole tower
/// except its projection, which the published code excludes from the optimizer and from the update.
///
/// Neither plan encodes a prompt: initialisation is the server's work, and no step reads a text. A
/// `reference` step runs its images through the tower with the whole CLIP model in memory, as the
/// published code does. A `cached` step reads cached features if the tower is frozen, and holds no
/// text tower.
package struct ClassifierMethod: AdaptationMethod {
  package let trainable: ParameterLayout
  private let prompts: ClassPrompts
  private let projectionWidth: Int
  /// The base's parameter index of each trained parameter of the vision tower.
  private let visionIndices: [Int]

  /// - Parameters:
  ///   - prompts: the class prompts that initialise the classifier.
  ///   - trainsVision: whether the vision tower is trained as well.
  package init(_ configuration: CLIPConfiguration, prompts: ClassPrompts, trainsVision: Bool) {
    self.prompts = prompts
    projectionWidth = configuration.projectionWidth
    let parameters = CLIPParameters(configuration)
    let entries = parameters.layout.entries
    visionIndices =
      trainsVision
      ? parameters.visionIndices.filter { $0 != parameters.vision.projection.weight } : []
    var layout = ParameterLayout()
    for index in visionIndices { layout.append(entries[index].name, entries[index].shape) }
    layout.append("classifier.weight", [prompts.count, projectionWidth])
    layout.append("classifier.bias", [prompts.count])
    trainable = layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    let context = ComputeContext()
    let zeroShot = model.features(of: prompts.texts, model.table, context)
    return model.numbers(visionIndices) + zeroShot.rows.elements
      + [Float](repeating: 0, count: prompts.count)
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    table.replace(visionIndices, with: trainable, at: parameters, gradient: gradient)
    table.append(trainable.entries.suffix(2), at: parameters, gradient: gradient)
    return table
  }

  package func attachments(_ own: [Parameter]) -> Attachments {
    Attachments(
      classifier: Linear(
        inputs: projectionWidth, outputs: prompts.count, weight: own[0], bias: own[1]))
  }
}
