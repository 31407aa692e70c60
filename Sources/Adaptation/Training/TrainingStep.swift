import CLIP
import Tensors

/// One training step: features, cosines, loss, and the gradients of the trained parameters.
///
/// Several clients may run a step together if they differ only in their low-rank updates of the
/// text tower: their prompts' rows run through the tower stacked, while images, losses and
/// gradients are separate.
package struct TrainingStep {
  /// The images of a batch.
  package enum Images {
    /// Preprocessed pixels [images, channels * size * size], for the vision tower.
    case pixels(Matrix)
    /// Features [images, projectionWidth] from a frozen vision tower: normalised, or unnormalised
    /// if the method adapts them.
    case features(Matrix)
  }

  /// The prompts of the batches, client after client.
  package enum Prompts {
    /// Texts for the text tower, in micro-batches that run in sequence.
    case texts([Texts])
    /// Rows that have already run through the text tower.
    case passed(UnitRows, TextTower.Tape)
    /// Normalised features [prompts, projectionWidth] from a frozen text tower.
    case features(Matrix)
    /// No prompts: a classifier replaces them.
    case none

    /// One client's texts as a single micro-batch.
    package static func texts(_ texts: TextBatch) -> Prompts { .texts([Texts(TextRows(texts))]) }
  }

  /// Texts that run through the text tower together.
  package struct Texts {
    package let rows: TextRows
    /// The precomputed output below the lowest trained layer, if cached.
    package let start: FrozenStart?

    package init(_ rows: TextRows, from start: FrozenStart? = nil) {
      self.rows = rows
      self.start = start
    }

    var count: Int { rows.rows.pooled.count }
  }

  /// One client's batch.
  package struct Batch {
    package let images: Images
    /// The prompt of each image, relative to the client's first; the class if there is a
    /// classifier.
    package let targets: [Int32]

    package init(images: Images, targets: [Int32]) {
      self.images = images
      self.targets = targets
    }
  }

  private let imageEncoder: ImageEncoder
  let textTower: TextTower
  private let loss: SimilarityLoss
  private let classifierLoss: ClassifierLoss?
  private let techniques: TrainingTechniques

  /// - Parameters:
  ///   - table: the parameters to read, and where to add the gradients of the trained ones.
  ///   - attachments: the method's additions to the towers.
  ///   - prunesLastBlock: whether the towers' last blocks compute only the pooled rows.
  ///   - techniques: the step uses checkpointing and micro-batches; the precision of products comes
  ///     from the context, and the storage format of weights from the table.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    _ attachments: Attachments = Attachments(), logitScale: Float, loss: Loss,
    prunesLastBlock: Bool = true, techniques: TrainingTechniques = TrainingTechniques()
  ) {
    self.techniques = techniques
    let options = TowerOptions(
      prunesLastBlock: prunesLastBlock, recomputesBlocks: techniques.checkpointing == .blocks)
    imageEncoder = ImageEncoder(
      VisionTower(
        parameters, configuration, table, prompts: attachments.visionPrompts, options),
      adapter: attachments.imageAdapter)
    textTower = TextTower(
      parameters, configuration, table, context: attachments.context, options)
    classifierLoss = attachments.classifier.map(ClassifierLoss.init)
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

  /// Adds the gradients of the batches, one per client of the table, to the table's gradients.
  ///
  /// - Returns: the loss of each batch.
  package func run(_ batches: [Batch], prompts: Prompts, _ context: ComputeContext) -> [Double] {
    precondition(
      batches.count == 1 || !imageEncoder.trainsTower, "clients that share a vision tower")
    if let classifierLoss {
      return batches.map { batch in
        runSeparately(batch, context) { z, targets, share, dz in
          classifierLoss.backward(z, targets: targets, share: share, dz: dz, context)
        }
      }
    }
    let prompts = encode(prompts, context)
    precondition(prompts.parts.count == batches.count, "prompts for every client")
    let unit = prompts.features.rows
    let gradient =
      textTower.isTrained ? context.matrix(unit.rows, unit.columns) : nil
    let losses = zip(batches, prompts.parts).map { batch, part in
      let dt = gradient?.view(part)
      if loss.isSeparable {
        return runSeparately(batch, context) { z, targets, share, dz in
          loss.backward(
            z.view, unit.view(part), targets: targets, share: share, dz: dz?.view, dt: dt, context)
        }
      }
      return runTogether(batch, context) { z, dz in
        loss.backward(
          z.view, unit.view(part), targets: batch.targets, dz: dz?.view, dt: dt, context)
      }
    }
    if let gradient {
      prompts.backward(gradient, textTower, context)
      gradient.recycle()
    }
    prompts.features.recycle()
    return losses
  }

  /// Computes the loss of one client's features, for which the towers have no backward pass yet.
  ///
  /// - Parameters:
  ///   - z: normalised image features [images, projectionWidth].
  ///   - t: normalised prompt features [prompts, projectionWidth]; nil if there is a classifier.
  ///   - dz, dt: where to write the features' gradients, or nil.
  func compare(
    _ z: Matrix, _ t: Matrix?, targets: [Int32], dz: Matrix?, dt: Matrix?,
    _ context: ComputeContext
  ) -> Double {
    if let classifierLoss {
      return classifierLoss.backward(z, targets: targets, share: .whole, dz: dz, context)
    }
    guard let t else { preconditionFailure("prompts, where no classifier takes their place") }
    return loss.backward(
      z.view, t.view, targets: targets, dz: dz?.view, dt: dt?.view, context)
  }

  /// Computes one client's loss if every image has its own term, micro-batch after micro-batch.
  ///
  /// - Parameter compare: returns the loss of normalised image features [images, projectionWidth]
  ///   times the share, adds the gradients of what they are compared with, and writes the features'
  ///   gradient if it has a destination.
  private func runSeparately(
    _ batch: Batch, _ context: ComputeContext,
    _ compare: (_ z: Matrix, _ targets: [Int32], _ share: LossShare, _ dz: Matrix?) -> Double
  ) -> Double {
    let count = batch.targets.count
    let pieces = techniques.pieces(of: count)
    guard pieces.count > 1, imageEncoder.trainsTower else {
      return runTogether(batch, context) { compare($0, batch.targets, .whole, $1) }
    }
    return pieces.reduce(0.0) { value, piece in
      let share = LossShare(
        weight: Float(piece.count) / Float(count), isFirst: piece.lowerBound == 0)
      let images = EncodedImages(
        batch.images.slice(piece), [0..<piece.count], imageEncoder, context)
      return value
        + run(images, context) { z, dz in
          compare(z, Array(batch.targets[piece]), share, dz)
        }
    }
  }

  /// Computes one client's loss over all images at once; the features of a trained tower's
  /// micro-batches are computed twice.
  ///
  /// - Parameter compare: returns the loss of normalised image features [images, projectionWidth],
  ///   and writes their gradient if it has a destination.
  private func runTogether(
    _ batch: Batch, _ context: ComputeContext, _ compare: (_ z: Matrix, _ dz: Matrix?) -> Double
  ) -> Double {
    let pieces = techniques.pieces(of: batch.targets.count)
    return run(
      EncodedImages(batch.images, pieces, imageEncoder, context), context, compare)
  }

  private func run(
    _ images: EncodedImages, _ context: ComputeContext,
    _ compare: (_ z: Matrix, _ dz: Matrix?) -> Double
  ) -> Double {
    let z = images.features.rows
    let dz = images.isTrained ? context.matrix(z.rows, z.columns) : nil
    let value = compare(z, dz)
    guard let dz else {
      images.features.recycle()
      return value
    }
    images.backward(dz, context)
    dz.recycle()
    return value
  }

  /// Encodes images in micro-batches.
  func encode(_ images: Images, _ context: ComputeContext) -> EncodedImages {
    EncodedImages(images, techniques.pieces(of: images.count), imageEncoder, context)
  }

  func encode(_ prompts: Prompts, _ context: ComputeContext) -> EncodedPrompts {
    switch prompts {
    case .none: preconditionFailure("prompts, where no classifier takes their place")
    case .features(let unit):
      return EncodedPrompts(features: UnitRows(unit: unit), parts: [0..<unit.rows], tape: .none)
    case .passed(let features, let tape):
      return EncodedPrompts(features: features, parts: tape.parts, tape: .recorded(tape))
    case .texts(let pieces):
      return EncodedPrompts(pieces, textTower, context)
    }
  }
}

extension TrainingStep.Images {
  /// The number of images.
  var count: Int {
    switch self {
    case .pixels(let matrix), .features(let matrix): matrix.rows
    }
  }

  /// A slice of the images that shares their memory.
  func slice(_ images: Range<Int>) -> Self {
    switch self {
    case .pixels(let matrix): .pixels(matrix.slice(images))
    case .features(let matrix): .features(matrix.slice(images))
    }
  }
}
