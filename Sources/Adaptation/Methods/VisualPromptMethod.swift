import CLIP
import Randomness
import Tensors

/// Visual prompt tuning (VPT, Jia et al., arXiv 2203.12119): learned tokens among those of every
/// image, with everything else frozen.
///
/// Shallow: the first block's input is [class | prompts | patches], with the prompts [count, vision
/// width] after the layer normalization before the blocks and without position embeddings. Deep:
/// every block has prompts of its own, which replace the outputs of the previous block's. As in the
/// paper, values are drawn uniformly within ±√(6 / (patch elements + vision width)), so the first
/// predictions differ from the base's. The loss is the scenario's.
///
/// The backward pass crosses the whole vision tower in both forms, because the first block has
/// prompts. Longer sequences make every step of the tower more expensive; FLOPs and memory follow.
package struct VisualPromptMethod: AdaptationMethod {
  package let trainable: ParameterLayout
  private let count: Int
  private let bound: Double

  /// - Parameters:
  ///   - count: the number of prompts per image.
  ///   - isDeep: whether every block has prompts, rather than only the first.
  package init(_ configuration: CLIPConfiguration, count: Int, isDeep: Bool) {
    self.count = count
    let vision = configuration.vision
    bound = (6 / Double(configuration.patchElements + vision.width)).squareRoot()
    var layout = ParameterLayout()
    for block in 0..<(isDeep ? vision.layers : 1) {
      layout.append("visual_prompts.\(block)", [count, vision.width])
    }
    trainable = layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: "visual-prompt-start")
    return (0..<trainable.count).map { _ in Float(bound * (2 * stream.uniform() - 1)) }
  }

  package func attachments(_ own: [Parameter]) -> Attachments {
    Attachments(visionPrompts: VisionPrompts(blocks: own, count: count))
  }
}
