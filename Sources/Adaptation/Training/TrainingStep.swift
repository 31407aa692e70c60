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
    /// Features [images, projectionWidth] from a frozen vision tower: of unit length, or as the tower
    /// gave them where the method adapts them.
    case features(Matrix)
  }

  /// The prompts of the batches, one client's after the other's.
  package enum Prompts {
    /// Texts for the text tower, in pieces that pass it one after the other.
    case texts([Texts])
    /// Rows that have passed the text tower already.
    case passed(UnitRows, TextTower.Tape)
    /// Features of unit length [prompts, projectionWidth] from a frozen text tower.
    case features(Matrix)
    /// None: a classifier takes their place.
    case none

    /// One client's texts, in one piece.
    package static func texts(_ texts: TextBatch) -> Prompts { .texts([Texts(TextRows(texts))]) }
  }

  /// Texts that pass the text tower together.
  package struct Texts {
    package let rows: TextRows
    /// What lies below the lowest trained layer, where that is kept.
    package let start: FrozenStart?

    package init(_ rows: TextRows, from start: FrozenStart? = nil) {
      self.rows = rows
      self.start = start
    }

    var count: Int { rows.rows.pooled.count }
  }

  /// What one client steps on.
  package struct Batch {
    package let images: Images
    /// The prompt of each image, counted from the client's first; the class where there is a
    /// classifier.
    package let targets: [Int32]

    package init(images: Images, targets: [Int32]) {
      self.images = images
      self.targets = targets
    }
  }

  private let imageEncoder: ImageEncoder
  private let textTower: TextTower
  private let loss: SimilarityLoss
  private let classifierLoss: ClassifierLoss?
  private let techniques: TrainingTechniques

  /// - Parameters:
  ///   - table: the parameters to read, and where the gradients of the trained ones go.
  ///   - attachments: what the method puts beside the towers.
  ///   - prunesLastBlock: whether the towers' last blocks compute the pooled rows alone.
  ///   - techniques: of these, checkpointing and pieces are the step's own; what the products are computed
  ///     in is the context's, and how weights are stored is the table's.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    _ attachments: Attachments = Attachments(), logitScale: Float, loss: Loss,
    prunesLastBlock: Bool = true, techniques: TrainingTechniques = TrainingTechniques()
  ) {
    self.techniques = techniques
    let options = TowerOptions(
      prunesLastBlock: prunesLastBlock, recomputesBlocks: techniques.checkpointing == .blocks)
    imageEncoder = ImageEncoder(
      VisionTower(parameters, configuration, table, options), adapter: attachments.imageAdapter)
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

  /// Adds the gradients of the batches, one for each client of the table, to the table's gradients.
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

  /// One client's loss, of which every image has a term of its own: piece after piece.
  ///
  /// - Parameter compare: gives the loss of unit image features [images, projectionWidth] times the share,
  ///   adds the gradients of what they are compared with, and writes theirs where there is a place for it.
  private func runSeparately(
    _ batch: Batch, _ context: ComputeContext,
    _ compare: (_ z: Matrix, _ targets: [Int32], _ share: LossShare, _ dz: Matrix?) -> Double
  ) -> Double {
    let count = batch.targets.count
    let pieces = techniques.pieces(of: count)
    let images = imageEncoder.passingFrozenTower(batch.images, pieces, context)
    guard pieces.count > 1, imageEncoder.trainsTower else {
      return run(images, context) { compare($0, batch.targets, .whole, $1) }
    }
    return pieces.reduce(0.0) { value, piece in
      let share = LossShare(
        weight: Float(piece.count) / Float(count), isFirst: piece.lowerBound == 0)
      return value
        + run(images.slice(piece), context) { z, dz in
          compare(z, Array(batch.targets[piece]), share, dz)
        }
    }
  }

  /// One client's loss over all images at once: the features of a trained tower's pieces are computed twice.
  ///
  /// - Parameter compare: gives the loss of unit image features [images, projectionWidth], and writes
  ///   their gradient where there is a place for it.
  private func runTogether(
    _ batch: Batch, _ context: ComputeContext, _ compare: (_ z: Matrix, _ dz: Matrix?) -> Double
  ) -> Double {
    let pieces = techniques.pieces(of: batch.targets.count)
    let images = imageEncoder.passingFrozenTower(batch.images, pieces, context)
    guard pieces.count > 1, imageEncoder.trainsTower else { return run(images, context, compare) }
    let z = context.matrix(batch.targets.count, imageEncoder.width)
    for piece in pieces {
      let (features, _) = imageEncoder.forward(images.slice(piece), recording: false, context)
      context.copyRows(features.rows, to: z.slice(piece))
      features.recycle()
    }
    let dz = context.matrix(z.rows, z.columns)
    let value = compare(z, dz)
    z.recycle()
    for piece in pieces {
      let (features, tape) = imageEncoder.forward(images.slice(piece), recording: true, context)
      imageEncoder.backward(dz.slice(piece), features, tape!, context)
      features.recycle()
    }
    dz.recycle()
    return value
  }

  /// One client's loss in one piece. The images' features are recycled, pixels are left to the caller.
  ///
  /// - Parameter compare: gives the loss of unit image features [images, projectionWidth], and writes
  ///   their gradient where there is a place for it.
  private func run(
    _ images: Images, _ context: ComputeContext, _ compare: (_ z: Matrix, _ dz: Matrix?) -> Double
  ) -> Double {
    let (features, tape) = imageEncoder.forward(images, recording: true, context)
    let dz = tape.map { _ in context.matrix(features.rows.rows, features.rows.columns) }
    let value = compare(features.rows, dz)
    if let dz, let tape {
      imageEncoder.backward(dz, features, tape, context)
      dz.recycle()
    }
    features.recycle()
    return value
  }

  private func encode(_ prompts: Prompts, _ context: ComputeContext) -> EncodedPrompts {
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
  /// Some of the images, on the same memory.
  func slice(_ images: Range<Int>) -> Self {
    switch self {
    case .pixels(let matrix): .pixels(matrix.slice(images))
    case .features(let matrix): .features(matrix.slice(images))
    }
  }
}
