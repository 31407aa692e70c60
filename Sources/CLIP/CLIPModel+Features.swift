import Tensors

extension CLIPModel {
  /// The vision tower's weights, packed once for inference, by parameter index. All others are nil,
  /// and all are nil if packing does not pay. Results stay bit-identical.
  package var packedVision: [PackedWeight?] {
    var packed = [PackedWeight?](repeating: nil, count: weights.values.count)
    guard PackedWeight.pays else { return packed }
    let vision = parameters.vision
    let projections =
      [vision.patchEmbedding]
      + vision.blocks.flatMap { block in
        LinearModule.allCases.map { block[$0] }
      }
    packed.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let packed = buffer
      LongVectors.forEach(projections.indices) { [projections] index in
        let projection = projections[index]
        packed[projection.weight] = PackedWeight(
          weights.values[projection.weight], inputs: projection.inputs,
          outputs: projection.outputs, goesBack: false)
      }
    }
    return packed
  }

  /// The normalised features of texts, [texts, projectionWidth], without a backward pass.
  ///
  /// - Parameter table: the model's parameters, possibly modified by a method.
  package func features(
    of texts: TextBatch, _ table: ParameterTable, _ context: ComputeContext
  ) -> UnitRows {
    let tower = TextTower(parameters, configuration, table)
    return UnitRows(
      normalizing: tower.forward(TextRows(texts), recording: false, context).features, context)
  }

  /// The normalised features of preprocessed images [images, channels * size * size], [images,
  /// projectionWidth], without a backward pass.
  package func features(
    of pixels: Matrix, _ table: ParameterTable, _ context: ComputeContext
  ) -> UnitRows {
    let tower = VisionTower(parameters, configuration, table)
    return UnitRows(
      normalizing: tower.forward(pixels, recording: false, context).features, context)
  }
}
