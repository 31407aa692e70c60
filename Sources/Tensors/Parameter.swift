/// A parameter as a layer uses it: where its numbers are, and where its gradient goes.
package struct Parameter {
  package let value: UnsafePointer<Float>
  /// Gradients are added to what is there; nil where the parameter is frozen.
  package let gradient: UnsafeMutablePointer<Float>?

  package init(value: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>? = nil) {
    self.value = value
    self.gradient = gradient
  }

  package var isTrained: Bool { gradient != nil }
}
