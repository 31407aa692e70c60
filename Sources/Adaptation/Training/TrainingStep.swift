import CLIP
import Tensors

/// One step of training: features, cosines, loss, and the gradients of what is trained.
///
/// Several clients may step together where their low-rank updates of the text tower are all in which
/// they differ: their prompts' rows pass the tower stacked, while images, losses and gradients are each
/// client's own.
package struct TrainingStep {
  /// The images of a batch.
  package enum Images {
    /// Preprocessed pixels [images, channels * size * size], for the vision tower.
    case pixels(Matrix)
    /// Features of unit length [images, projectionWidth] from a frozen vision tower.
    case features(Matrix)
  }

  /// The prompts of the batches, one client's after the other's.
  package enum Prompts {
    /// Rows for the text tower, which start behind what is frozen where that is given.
    case rows(TextRows, from: FrozenStart?)
    /// Rows that have passed the text tower already.
    case passed(UnitRows, TextTower.Tape)
    /// Features of unit length [prompts, projectionWidth] from a frozen text tower.
    case features(Matrix)

    /// One client's texts.
    package static func texts(_ texts: TextBatch) -> Prompts { .rows(TextRows(texts), from: nil) }
  }

  /// What one client steps on.
  package struct Batch {
    package let images: Images
    /// The prompt of each image, counted from the client's first.
    package let targets: [Int32]

    package init(images: Images, targets: [Int32]) {
      self.images = images
      self.targets = targets
    }
  }

  private let visionTower: VisionTower
  private let textTower: TextTower
  private let loss: SimilarityLoss

  /// - Parameters:
  ///   - table: the parameters to read, and where the gradients of the trained ones go.
  ///   - prunesLastBlock: whether the towers' last blocks compute the pooled rows alone.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    logitScale: Float, loss: Loss, prunesLastBlock: Bool = true
  ) {
    visionTower = VisionTower(
      parameters, configuration, table, prunesLastBlock: prunesLastBlock)
    textTower = TextTower(parameters, configuration, table, prunesLastBlock: prunesLastBlock)
    self.loss = SimilarityLoss(
      loss, logitScale: logitScale, logitScaleGradient: table.gradients[parameters.logitScale])
  }

  /// Adds the gradient of one client's batch to the table's gradients.
  ///
  /// - Parameter targets: the prompt of each image.
  /// - Returns: the loss.
  package func run(
    images: Images, prompts: Prompts, targets: [Int], _ context: ComputeContext
  ) -> Double {
    run([Batch(images: images, targets: targets.map(Int32.init))], prompts: prompts, context)[0]
  }

  /// Adds the gradients of the batches, one for each client of the table, to the table's gradients.
  ///
  /// - Returns: the loss of each batch.
  package func run(_ batches: [Batch], prompts: Prompts, _ context: ComputeContext) -> [Double] {
    let (promptFeatures, promptTape, parts) = encode(prompts, context)
    precondition(parts.count == batches.count, "prompts for every client")
    precondition(batches.count == 1 || !visionTower.isTrained, "clients that share a vision tower")
    let gradient = promptTape.map { _ in
      context.matrix(promptFeatures.rows.rows, promptFeatures.rows.columns)
    }
    let losses = zip(batches, parts).map { batch, part in
      run(batch, promptFeatures.rows.view(part), gradient?.view(part), context)
    }
    if let gradient, let promptTape {
      promptFeatures.backward(gradient, context)
      textTower.backward(gradient, promptTape, context)
      gradient.recycle()
    }
    promptFeatures.recycle()
    return losses
  }

  /// One client's loss. The batch's features are recycled, its pixels are left to the caller.
  ///
  /// - Parameters:
  ///   - t: its prompts' features [prompts, projectionWidth].
  ///   - dt: where their gradient goes, or nil.
  private func run(
    _ batch: Batch, _ t: MatrixView, _ dt: MatrixView?, _ context: ComputeContext
  ) -> Double {
    let (imageFeatures, imageTape) = encode(batch.images, context)
    let z = imageFeatures.rows
    let dz = imageTape.map { _ in context.matrix(z.rows, z.columns) }
    let value = loss.backward(
      z.view, t, targets: batch.targets, dz: dz?.view, dt: dt, context)
    if let dz, let imageTape {
      imageFeatures.backward(dz, context)
      visionTower.backward(dz, imageTape, context)
      dz.recycle()
    }
    imageFeatures.recycle()
    return value
  }

  private func encode(_ images: Images, _ context: ComputeContext) -> (
    UnitRows, VisionTower.Tape?
  ) {
    switch images {
    case .features(let unit): return (UnitRows(unit: unit), nil)
    case .pixels(let pixels):
      let (features, tape) = visionTower.forward(
        pixels, recording: visionTower.isTrained, context)
      return (UnitRows(normalizing: features, context), tape)
    }
  }

  private func encode(_ prompts: Prompts, _ context: ComputeContext) -> (
    UnitRows, TextTower.Tape?, parts: [Range<Int>]
  ) {
    switch prompts {
    case .features(let unit): return (UnitRows(unit: unit), nil, [0..<unit.rows])
    case .passed(let features, let tape): return (features, tape, tape.parts)
    case .rows(let texts, let start):
      let (features, tape) = textTower.forward(
        texts, from: start, recording: textTower.isTrained, context)
      return (UnitRows(normalizing: features, context), tape, texts.rows.parts(.pooled))
    }
  }
}
