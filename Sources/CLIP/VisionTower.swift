import Tensors

/// CLIP's image encoder: patches, blocks, and a projection of the class token's row.
package struct VisionTower {
  private let configuration: CLIPConfiguration
  private let classEmbedding: Parameter
  private let patchEmbedding: Linear
  private let positionEmbedding: Parameter
  private let preNorm: LayerNorm
  private let prompts: VisionPrompts?
  private let encoder: TransformerEncoder
  private let head: PooledProjection

  /// - Parameters:
  ///   - prompts: learned tokens among those of every image; nil for none.
  ///   - options: execution options.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    prompts: VisionPrompts? = nil, _ options: TowerOptions = TowerOptions()
  ) {
    let vision = parameters.vision
    self.configuration = configuration
    self.prompts = prompts
    classEmbedding = table[vision.classEmbedding]
    patchEmbedding = table.linear(vision.patchEmbedding)
    positionEmbedding = table[vision.positionEmbedding]
    let epsilon = configuration.vision.layerNormEpsilon
    preNorm = table.layerNorm(vision.preNorm, epsilon)
    encoder = TransformerEncoder(
      vision.blocks, configuration.vision,
      trainsInput: preNorm.isTrained || classEmbedding.isTrained || patchEmbedding.isTrained
        || positionEmbedding.isTrained || prompts?.isTrained == true,
      prompts: prompts, options, table)
    head = PooledProjection(
      norm: table.layerNorm(vision.postNorm, epsilon), projection: table.linear(vision.projection))
  }

  /// Whether any parameter is trained.
  package var isTrained: Bool { encoder.isTrained || head.isTrained }

  /// The width of a feature vector.
  package var projectionWidth: Int { head.projection.outputs }

  /// - Parameter pixels: preprocessed images [images, channels * size * size], planar.
  /// - Returns: the features [images, projectionWidth], not normalised, and a tape for the backward
  ///   pass if `recording`.
  package func forward(_ pixels: Matrix, recording: Bool, _ context: ComputeContext) -> (
    features: Matrix, tape: Tape?
  ) {
    let (pooled, embedding, encoderTape) = pool(pixels, recording: recording, context)
    let (features, headTape) = head.forward(pooled, recording: recording, context)
    return (
      features, headTape.map { Tape(embedding: embedding, encoder: encoderTape, head: $0) }
    )
  }

  /// The image representation before the projection, as used by linear probes: the normalised class
  /// tokens, [images, width].
  ///
  /// - Parameter pixels: preprocessed images [images, channels * size * size], planar.
  package func classTokens(_ pixels: Matrix, _ context: ComputeContext) -> Matrix {
    head.normalize(pool(pixels, recording: false, context).pooled, context)
  }

  /// The class tokens after the last block, [images, width].
  private func pool(_ pixels: Matrix, recording: Bool, _ context: ComputeContext) -> (
    pooled: Matrix, embedding: EmbeddingTape, encoder: TransformerEncoder.Tape
  ) {
    let tokens = configuration.patchCount + 1 + (prompts?.count ?? 0)
    let rows = TokenRows(
      sequences: .init(repeating: tokens, count: pixels.rows), causal: false,
      pooled: (0..<pixels.rows).map { $0 * tokens })
    let patches = cutPatches(pixels, context)
    let embedded = embed(patches, images: pixels.rows, context)
    if !(recording && patchEmbedding.isTrained) { patches.recycle() }
    let (normed, statistics) = preNorm.forward(embedded, context)
    if !(recording && trainsEmbedding) {
      embedded.recycle()
      statistics.recycle()
    }
    let x = prompts?.inserting(into: normed, images: pixels.rows, context) ?? normed
    let (pooled, tape) = encoder.forward(.tokens(x), rows, recording: recording, context)
    return (
      pooled,
      EmbeddingTape(
        images: pixels.rows, patches: patches, embedded: embedded, statistics: statistics), tape
    )
  }

  /// Adds the gradients of all trained parameters, given the gradient of the features.
  package func backward(_ dFeatures: Matrix, _ tape: Tape, _ context: ComputeContext) {
    guard
      let pooled = head.backward(dFeatures, tape.head, needsInput: encoder.isTrained, context),
      let gradient = encoder.backward(pooled, tape.encoder, context)
    else { return }
    let ownGradient = takePrompts(from: gradient, images: tape.embedding.images, context)
    if trainsEmbedding { embedBackward(ownGradient, tape.embedding, context) }
    ownGradient.recycle()
  }

  /// Adds the gradient of the first block's prompts.
  ///
  /// - Parameter gradient: the gradient of the first block's input; recycled, or returned.
  /// - Returns: the gradient of the image's own tokens, if needed.
  private func takePrompts(
    from gradient: Matrix, images: Int, _ context: ComputeContext
  ) -> Matrix {
    guard let prompts else { return gradient }
    prompts.takeGradient(gradient, ofBlock: 0, images: images, context)
    guard trainsEmbedding else { return gradient }
    let own = context.gather(gradient, prompts.otherRows(of: gradient.rows, images: images))
    gradient.recycle()
    return own
  }

  private var trainsEmbedding: Bool {
    preNorm.isTrained || classEmbedding.isTrained || patchEmbedding.isTrained
      || positionEmbedding.isTrained
  }

  /// The patches of all images as rows, [images * patches, channels * patch * patch], in the order
  /// of a convolution's weights.
  private func cutPatches(_ pixels: Matrix, _ context: ComputeContext) -> Matrix {
    let size = configuration.imageSize
    let patch = configuration.patchSize
    let side = size / patch
    let patches = context.matrix(pixels.rows * side * side, configuration.patchElements)
    context.countKernel(numbers: 2 * patches.count)
    guard context.computes else { return patches }
    var target = patches.base
    for image in 0..<pixels.rows {
      let source = pixels.base + image * configuration.pixelCount
      for row in 0..<side {
        for column in 0..<side {
          for channel in 0..<configuration.channels {
            for line in 0..<patch {
              let y = row * patch + line
              target.update(
                from: source + (channel * size + y) * size + column * patch, count: patch)
              target += patch
            }
          }
        }
      }
    }
    return patches
  }

  /// Computes [class | patches] + positions for every image, [images * (patches + 1), width].
  private func embed(_ patches: Matrix, images: Int, _ context: ComputeContext) -> Matrix {
    let (projected, _) = patchEmbedding.forward(patches, context)
    let width = projected.columns
    let patchCount = configuration.patchCount
    let x = context.matrix(images * (patchCount + 1), width)
    context.countKernel(numbers: projected.count + x.count)
    if context.computes {
      for image in 0..<images {
        let target = x.base + image * (patchCount + 1) * width
        target.update(from: positionEmbedding.value, count: (patchCount + 1) * width)
        for column in 0..<width { target[column] += classEmbedding.value[column] }
        let source = projected.base + image * patchCount * width
        for element in 0..<(patchCount * width) { target[width + element] += source[element] }
      }
    }
    projected.recycle()
    return x
  }

  private func embedBackward(
    _ gradient: Matrix, _ tape: EmbeddingTape, _ context: ComputeContext
  ) {
    let width = gradient.columns
    let patchCount = configuration.patchCount
    let dEmbedded = context.matrix(gradient.rows, width)
    preNorm.backward(gradient, input: tape.embedded, tape.statistics, into: dEmbedded, context)
    tape.embedded.recycle()
    tape.statistics.recycle()
    let dProjected =
      patchEmbedding.isTrained ? context.matrix(tape.images * patchCount, width) : nil
    context.countKernel(numbers: dEmbedded.count + (dProjected?.count ?? 0))
    if context.computes {
      for image in 0..<tape.images {
        let source = dEmbedded.base + image * (patchCount + 1) * width
        if let target = classEmbedding.gradient {
          for column in 0..<width { target[column] += source[column] }
        }
        if let target = positionEmbedding.gradient {
          for element in 0..<((patchCount + 1) * width) { target[element] += source[element] }
        }
        if let dProjected {
          (dProjected.base + image * patchCount * width).update(
            from: source + width, count: patchCount * width)
        }
      }
    }
    dEmbedded.recycle()
    if let dProjected {
      patchEmbedding.backward(dProjected, input: tape.patches, saved: nil, into: nil, context)
      dProjected.recycle()
      tape.patches.recycle()
    }
  }

  package struct Tape {
    fileprivate let embedding: EmbeddingTape
    let encoder: TransformerEncoder.Tape
    let head: PooledProjection.Tape
  }

  /// The tape of everything below the blocks; its matrices are already recycled if nothing there is
  /// trained.
  fileprivate struct EmbeddingTape {
    let images: Int
    let patches: Matrix
    let embedded: Matrix
    let statistics: Matrix
  }
}
