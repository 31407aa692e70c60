/// The values that one pass of a model reads, and the destinations of gradients, by parameter
/// index.
///
/// The same model runs frozen, fully trained or with updated layers, depending on the table. A
/// table points into memory that its creator keeps alive.
package struct ParameterTable {
  /// The model's parameters, followed by those that a method adds.
  package var values: [UnsafePointer<Float>]
  /// Nil for frozen parameters.
  package var gradients: [UnsafeMutablePointer<Float>?]
  /// The updates of linear layers, at the index of the layer's weight.
  package var updates: [(any LinearUpdate)?]
  /// Packed frozen weights for products with few rows, if any.
  package var packed: [PackedWeight?]

  /// A table with all parameters frozen.
  package init(frozen values: [UnsafePointer<Float>]) {
    self.values = values
    gradients = .init(repeating: nil, count: values.count)
    updates = .init(repeating: nil, count: values.count)
    packed = .init(repeating: nil, count: values.count)
  }

  /// Combines the tables of several clients, which may differ only in updates that can be stacked.
  package init(stacking tables: [ParameterTable]) {
    self = tables[0]
    guard tables.count > 1 else { return }
    for index in updates.indices {
      guard let update = updates[index] else { continue }
      updates[index] = type(of: update).stacking(tables.compactMap { $0.updates[index] })
    }
  }

  /// Replaces parameters of the model by a method's.
  ///
  /// - Parameters:
  ///   - indices: of the replaced parameters, in the order of the layout.
  ///   - layout: of the parameters and of the gradient; further entries are ignored.
  ///   - gradient: the destination of their gradient, or nil if they are frozen.
  package mutating func replace(
    _ indices: [Int], with layout: ParameterLayout, at parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) {
    for (index, entry) in zip(indices, layout.entries) {
      values[index] = parameters + entry.offset
      gradients[index] = gradient.map { $0 + entry.offset }
    }
  }

  /// Appends parameters that are not part of the model.
  ///
  /// - Parameters:
  ///   - parameters: their values, in the given layout.
  ///   - gradient: the destination of their gradient in the same layout, or nil if they are frozen.
  package mutating func append(
    _ layout: some Sequence<ParameterLayout.Entry>, at parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) {
    for entry in layout {
      values.append(parameters + entry.offset)
      gradients.append(gradient.map { $0 + entry.offset })
      updates.append(nil)
      packed.append(nil)
    }
  }

  package subscript(index: Int) -> Parameter {
    Parameter(value: values[index], gradient: gradients[index])
  }
}
