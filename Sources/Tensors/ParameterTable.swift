/// The numbers that one pass of a model reads, and where it leaves gradients, by parameter index.
///
/// The same model runs frozen, fully trained or with low-rank updates by being given another table.
/// A table points into memory that its maker keeps alive.
package struct ParameterTable {
  package var values: [UnsafePointer<Float>]
  /// Nil where a parameter is frozen.
  package var gradients: [UnsafeMutablePointer<Float>?]
  /// Low-rank updates, at the index of the weight that they change.
  package var updates: [LowRankUpdate?]

  /// All parameters frozen.
  package init(frozen values: [UnsafePointer<Float>]) {
    self.values = values
    gradients = .init(repeating: nil, count: values.count)
    updates = .init(repeating: nil, count: values.count)
  }

  package subscript(index: Int) -> Parameter {
    Parameter(value: values[index], gradient: gradients[index])
  }
}
