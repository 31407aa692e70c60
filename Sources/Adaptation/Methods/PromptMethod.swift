import CLIP
import Randomness
import Tensors

/// Learned context vectors in place of the words before a class name (CoOp, arXiv 2109.01134;
/// PromptFL, its federated form, arXiv 2208.11625; "FedPrompt" in arXiv 2404.15182).
///
/// The prompt of every class is [start] v1 … vM [class] [.] [end]. The vectors [M, text width]
/// replace token embeddings, position embeddings are added as usual, and all classes share the
/// vectors. They are initialised with the embeddings of words, such as "a photo of a", or drawn
/// from N(0, 0.02²). Everything else is frozen; the loss is the scenario's.
///
/// A `reference` step runs the vision tower on its images and the text tower, forward and backward
/// to the vectors, on one padded prompt per image. A `cached` step reads cached image features and
/// encodes distinct prompts, truncated after their end token.
package struct PromptMethod: AdaptationMethod {
  package let trainable: ParameterLayout
  /// The prompts, in which negative tokens refer to the vectors.
  package let prompts: ClassPrompts?
  private let start: Start

  private enum Start {
    case words([Int32])
    case drawn
  }

  /// Replaces words with vectors.
  ///
  /// - Parameters:
  ///   - prompts: the tokens of each class's prompt, with a common beginning.
  ///   - words: the number of tokens after the first that are replaced; they initialise the
  ///     vectors.
  package init(_ configuration: CLIPConfiguration, prompts: [[Int32]], words: Int) {
    self.init(
      configuration, prompts: prompts.map { Self.prompt($0, replacing: words, context: words) },
      context: words, start: .words(Array(prompts[0][1...words])))
  }

  /// Inserts randomly initialised vectors after the first token.
  ///
  /// - Parameter classes: the tokens of each class's prompt without a context.
  package init(_ configuration: CLIPConfiguration, classes: [[Int32]], context: Int) {
    self.init(
      configuration, prompts: classes.map { Self.prompt($0, replacing: 0, context: context) },
      context: context, start: .drawn)
  }

  private init(
    _ configuration: CLIPConfiguration, prompts: [[Int32]], context: Int, start: Start
  ) {
    self.prompts = ClassPrompts(prompts, configuration)
    self.start = start
    var layout = ParameterLayout()
    layout.append("prompt_learner.ctx", [context, configuration.text.width])
    trainable = layout
  }

  private static func prompt(_ tokens: [Int32], replacing words: Int, context: Int) -> [Int32] {
    tokens[..<1] + (0..<Int32(context)).map { -1 - $0 } + tokens[(1 + words)...]
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    switch start {
    case .words(let tokens):
      return tokens.flatMap(model.tokenEmbedding)
    case .drawn:
      var stream = RandomStream(seed: seed, purpose: "prompt-start")
      return (0..<trainable.count).map { _ in Float(0.02 * stream.normal()) }
    }
  }

  package func attachments(_ own: [Parameter]) -> Attachments {
    Attachments(context: own[0])
  }
}
