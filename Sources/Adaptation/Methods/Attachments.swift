import Tensors

/// What a method puts beside the two towers of a CLIP, bound to the numbers of one pass.
///
/// None of it is part of a CLIP: a method with an attachment has files of its own, and where it trains
/// nothing else there is nothing to merge.
package struct Attachments {
  /// Vectors that the method's prompts name by negative tokens, [vectors, text width].
  package var context: Parameter?
  /// What the vision tower's features pass before they are brought to unit length.
  var imageAdapter: (any ImageAdapter)?
  /// What tells the classes apart in place of their prompts: unit image features in, a score for each
  /// class out. It is trained by the cross-entropy over its scores, without a logit scale, whatever
  /// loss a scenario asks for.
  package var classifier: Linear?

  init(
    context: Parameter? = nil, imageAdapter: (any ImageAdapter)? = nil, classifier: Linear? = nil
  ) {
    self.context = context
    self.imageAdapter = imageAdapter
    self.classifier = classifier
  }
}
