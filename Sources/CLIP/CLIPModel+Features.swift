import Tensors

extension CLIPModel {
  /// The vision tower's weights, packed once for inference on this many images, by parameter index.
  /// Contains only the weights that every pass would otherwise pack, so results stay bit-identical;
  /// the others are nil.
  package func packedVision(images: Int) -> [PackedWeight?] {
    var packed = [PackedWeight?](repeating: nil, count: weights.values.count)
    let patches = images * configuration.patchCount
    var projections: [CLIPParameters.Projection] = []
    if PackedWeight.pays(rows: patches) { projections.append(parameters.vision.patchEmbedding) }
    if PackedWeight.pays(rows: patches + images) {
      for block in parameters.vision.blocks.dropLast() {
        projections += LinearModule.allCases.map { block[$0] }
      }
      // The last block computes only the class tokens after its keys and values.
      if let last = parameters.vision.blocks.last {
        projections += [LinearModule.key, .value].map { last[$0] }
      }
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
