import Tensors

/// The layers of a CLIP model, bound to the parameters of one pass.
extension ParameterTable {
  func layerNorm(_ norm: CLIPParameters.Norm, _ epsilon: Float) -> LayerNorm {
    LayerNorm(weight: self[norm.weight], bias: self[norm.bias], epsilon: epsilon)
  }

  func linear(_ projection: CLIPParameters.Projection) -> Linear {
    Linear(
      inputs: projection.inputs, outputs: projection.outputs, weight: self[projection.weight],
      bias: projection.bias.map { self[$0] }, update: updates[projection.weight],
      packed: packed[projection.weight])
  }
}
