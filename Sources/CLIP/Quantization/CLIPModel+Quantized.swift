import Tensors

extension CLIPModel {
  /// The model with its weights as a device with this storage format reads them.
  ///
  /// Returns a model without weights unchanged.
  package func stored(in precision: BasePrecision) -> CLIPModel {
    guard precision != .float32, weights.isRead else { return self }
    var numbers: [Float] = []
    numbers.reserveCapacity(parameters.layout.count)
    for (index, entry) in parameters.layout.entries.enumerated() {
      numbers += precision.roundTrip(
        UnsafeBufferPointer(start: weights.values[index], count: entry.count),
        parameters.role(of: index), outputs: entry.shape.first ?? 1)
    }
    return CLIPModel(
      configuration, weights: CLIPWeights(numbers, parameters.layout, from: weights))
  }

  /// The storage of parameters in bytes in the given format.
  package func bytes(_ indices: some Sequence<Int>, in precision: BasePrecision) -> Int {
    indices.reduce(0) { sum, index in
      let entry = parameters.layout.entries[index]
      return sum
        + precision.bytes(
          parameters.role(of: index), count: entry.count, outputs: entry.shape.first ?? 1)
    }
  }
}

extension CLIPParameters {
  func role(of index: Int) -> BasePrecision.Role {
    if linearWeights.contains(index) { return .linear }
    return embeddings.contains(index) ? .embedding : .other
  }
}
