import CLIP
import Tensors

/// A method's additions to the two towers of a CLIP model, bound to the values of one pass.
///
/// They are not part of a CLIP model: a method with attachments has its own files, and there is
/// nothing to merge if it trains nothing else.
package struct Attachments {
  /// Vectors that the method's prompts refer to by negative tokens, [vectors, text width].
  package var context: Parameter?
  /// Learned tokens among those of every image.
  var visionPrompts: VisionPrompts?
  /// An adapter applied to the vision tower's features before they are normalised.
  var imageAdapter: (any ImageAdapter)?
  /// A classifier that replaces prompts: it maps normalised image features to a score for each
  /// class. It is trained with the cross-entropy over its scores, without a logit scale, whatever
  /// the scenario's loss.
  package var classifier: Linear?

  init(
    context: Parameter? = nil, visionPrompts: VisionPrompts? = nil,
    imageAdapter: (any ImageAdapter)? = nil, classifier: Linear? = nil
  ) {
    self.context = context
    self.visionPrompts = visionPrompts
    self.imageAdapter = imageAdapter
    self.classifier = classifier
  }
}
