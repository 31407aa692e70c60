import Tensors

extension CLIPModel {
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
