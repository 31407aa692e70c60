import Tensors

/// The parameters of a CLIP model under Hugging Face's names, and the role of each.
package struct CLIPParameters: Sendable {
  package struct Norm: Sendable {
    let weight: Int
    let bias: Int
  }

  package struct Projection: Sendable {
    package let weight: Int
    package let bias: Int?
    package let inputs: Int
    package let outputs: Int
  }

  package struct Block: Sendable {
    let norm1: Norm
    let norm2: Norm
    /// The linear layers, by `LinearModule`.
    let projections: [LinearModule: Projection]

    package subscript(module: LinearModule) -> Projection { projections[module]! }
  }

  package struct Text: Sendable {
    let tokenEmbedding: Int
    let positionEmbedding: Int
    package let blocks: [Block]
    let finalNorm: Norm
    let projection: Projection

    /// All linear layers of the tower.
    package var projections: [Projection] {
      blocks.flatMap { block in LinearModule.allCases.map { block[$0] } } + [projection]
    }
  }

  package struct Vision: Sendable {
    let classEmbedding: Int
    let patchEmbedding: Projection
    let positionEmbedding: Int
    let preNorm: Norm
    package let blocks: [Block]
    let postNorm: Norm
    package let projection: Projection

    /// All linear layers of the tower's blocks, and the projection.
    package var projections: [Projection] {
      blocks.flatMap { block in LinearModule.allCases.map { block[$0] } } + [projection]
    }
  }

  package let layout: ParameterLayout
  package let logitScale: Int
  package let text: Text
  package let vision: Vision
  /// The parameter indices of the text tower, including its projection.
  package let textIndices: Range<Int>
  /// The parameter indices of the vision tower, including its projection.
  package let visionIndices: Range<Int>
  /// The weights of the blocks' linear layers and of the projections.
  let linearWeights: Set<Int>
  /// The token and position tables, the class embedding and the patch embedding's weights.
  let embeddings: Set<Int>

  package init(_ configuration: CLIPConfiguration) {
    var builder = Builder()
    logitScale = builder.layout.append("logit_scale", [])
    text = builder.text(configuration)
    let boundary = builder.layout.entries.count
    vision = builder.vision(configuration)
    layout = builder.layout
    textIndices = (logitScale + 1)..<boundary
    visionIndices = boundary..<layout.entries.count
    linearWeights = Set(
      text.projections.map(\.weight) + vision.blocks.flatMap { $0.projections.values.map(\.weight) }
        + [vision.projection.weight])
    embeddings = [
      text.tokenEmbedding, text.positionEmbedding, vision.classEmbedding,
      vision.patchEmbedding.weight, vision.positionEmbedding,
    ]
  }
}

/// Appends parameters to a layout and stores their indices.
private struct Builder {
  var layout = ParameterLayout()

  mutating func text(_ configuration: CLIPConfiguration) -> CLIPParameters.Text {
    let tower = configuration.text
    let width = tower.width
    return CLIPParameters.Text(
      tokenEmbedding: layout.append(
        "text_model.embeddings.token_embedding.weight", [configuration.vocabularySize, width]),
      positionEmbedding: layout.append(
        "text_model.embeddings.position_embedding.weight", [configuration.contextLength, width]),
      blocks: blocks("text_model", tower),
      finalNorm: norm("text_model.final_layer_norm", width),
      projection: projection("text_projection", width, configuration.projectionWidth, bias: false))
  }

  mutating func vision(_ configuration: CLIPConfiguration) -> CLIPParameters.Vision {
    let tower = configuration.vision
    let width = tower.width
    let patch = configuration.patchSize
    return CLIPParameters.Vision(
      classEmbedding: layout.append("vision_model.embeddings.class_embedding", [width]),
      patchEmbedding: CLIPParameters.Projection(
        weight: layout.append(
          "vision_model.embeddings.patch_embedding.weight",
          [width, configuration.channels, patch, patch]),
        bias: nil, inputs: configuration.patchElements, outputs: width),
      positionEmbedding: layout.append(
        "vision_model.embeddings.position_embedding.weight", [configuration.patchCount + 1, width]),
      preNorm: norm("vision_model.pre_layrnorm", width),
      blocks: blocks("vision_model", tower),
      postNorm: norm("vision_model.post_layernorm", width),
      projection: projection("visual_projection", width, configuration.projectionWidth, bias: false)
    )
  }

  private mutating func blocks(_ tower: String, _ shape: TowerConfiguration)
    -> [CLIPParameters.Block]
  {
    (0..<shape.layers).map { layer in
      let prefix = "\(tower).encoder.layers.\(layer)"
      let norm1 = norm("\(prefix).layer_norm1", shape.width)
      var projections: [LinearModule: CLIPParameters.Projection] = [:]
      for module in LinearModule.allCases {
        let (inputs, outputs) = module.shape(in: shape)
        projections[module] = projection("\(prefix).\(module.path)", inputs, outputs, bias: true)
      }
      return CLIPParameters.Block(
        norm1: norm1, norm2: norm("\(prefix).layer_norm2", shape.width), projections: projections)
    }
  }

  private mutating func norm(_ name: String, _ width: Int) -> CLIPParameters.Norm {
    CLIPParameters.Norm(
      weight: layout.append("\(name).weight", [width]), bias: layout.append("\(name).bias", [width])
    )
  }

  private mutating func projection(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool)
    -> CLIPParameters.Projection
  {
    CLIPParameters.Projection(
      weight: layout.append("\(name).weight", [outputs, inputs]),
      bias: bias ? layout.append("\(name).bias", [outputs]) : nil, inputs: inputs, outputs: outputs)
  }
}
