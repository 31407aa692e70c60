/// Why a folder is no base that can be used, as a sentence that names it.
package struct BaseModelError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }

  /// That a base which is only a shape was asked for what only weights can do; nil where no shape has the
  /// name.
  package init?(shapeWithoutWeights name: String) {
    guard BaseShapes.names.contains(name) else { return nil }
    self.init(
      "\(name) is a shape without weights, which only \"flora model\" and timing-only scenarios can use; give a base model with weights: \(BaseModels.names.joined(separator: ", ")), or a folder in Hugging Face's layout"
    )
  }
}
