import Tensors

extension CLIPModel {
  /// The vision tower's weights laid out once for passes of so many images without a backward pass, by parameter
  /// index: those whose products would lay them out for every pass, so that no bit changes. Nil for the others.
  package func packedVision(images: Int) -> [PackedWeight?] {
    var packed = [PackedWeight?](repeating: nil, count: weights.values.count)
    let patches = images * configuration.patchCount
    var projections: [CLIPParameters.Projection] = []
    if PackedWeight.pays(rows: patches) { projections.append(parameters.vision.patchEmbedding) }
    if PackedWeight.pays(rows: patches + images) {
      for block in parameters.vision.blocks.dropLast() {
        projections += LinearModule.allCases.map { block[$0] }
      }
      // The last block computes the class tokens alone behind its keys and values.
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

  /// The features of texts at unit length, [texts, projectionWidth], without a backward pass.
  ///
  /// - Parameter table: the model's parameters, as a method may have changed them.
  package func features(
    of texts: TextBatch, _ table: ParameterTable, _ context: ComputeContext
  ) -> UnitRows {
    let tower = TextTower(parameters, configuration, table)
    return UnitRows(
      normalizing: tower.forward(TextRows(texts), recording: false, context).features, context)
  }

  /// The features of preprocessed images [images, channels * size * size] at unit length,
  /// [images, projectionWidth], without a backward pass.
  package func features(
    of pixels: Matrix, _ table: ParameterTable, _ context: ComputeContext
  ) -> UnitRows {
    let tower = VisionTower(parameters, configuration, table)
    return UnitRows(
      normalizing: tower.forward(pixels, recording: false, context).features, context)
  }
}
