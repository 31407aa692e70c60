import Tensors

extension SafetensorsFile {
  /// Reads the values of all parameters of a layout, in its order, as float32.
  ///
  /// - Parameter name: maps a parameter's name in the layout to its name in the file.
  /// - Throws: `ModelError` if a tensor is missing, has another shape or contains NaN or infinite
  ///   numbers.
  package func floats(
    _ layout: ParameterLayout, named name: (String) -> String
  ) throws(ModelError) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(layout.count)
    for entry in layout.entries {
      let tensor = name(entry.name)
      let shape = try self.tensor(tensor).shape
      guard shape == entry.shape else {
        throw ModelError(file, "holds \(tensor) with the shape \(shape) instead of \(entry.shape)")
      }
      let values = try floats(tensor)
      try values.withUnsafeBufferPointer { buffer throws(ModelError) in
        try checkFinite(buffer, of: tensor)
      }
      numbers += values
    }
    return numbers
  }
}
