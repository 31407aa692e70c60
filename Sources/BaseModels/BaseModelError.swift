/// Why a folder is not a usable base, as a sentence that names it.
package struct BaseModelError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }

  /// The error for using a shape where weights are required; nil if no shape has the name.
  package init?(shapeWithoutWeights name: String) {
    guard BaseShapes.names.contains(name) else { return nil }
    self.init(
      "\(name) is a shape without weights, which only \"flora model\" and timing-only scenarios can use; give a base model with weights: \(BaseModels.names.joined(separator: ", ")), or a folder in Hugging Face's layout"
    )
  }
}
