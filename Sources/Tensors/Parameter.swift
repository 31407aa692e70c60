/// A parameter as a layer uses it: its values, and the destination of its gradient.
package struct Parameter {
  package let value: UnsafePointer<Float>
  /// Gradients are accumulated here; nil if the parameter is frozen.
  package let gradient: UnsafeMutablePointer<Float>?

  package init(value: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>? = nil) {
    self.value = value
    self.gradient = gradient
  }

  package var isTrained: Bool { gradient != nil }
}
