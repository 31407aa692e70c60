/// What the cost of a step depends on: the number of images, and the prompts.
package struct StepShape: Hashable, Sendable {
  package let images: Int
  /// The classes whose prompts are encoded.
  package let classes: [Int]

  package init(images: Int, classes: [Int]) {
    self.images = images
    self.classes = classes
  }
}
