import CLIP
import Tensors

/// One step of training: features, cosines, loss, and the gradients of what is trained.
package struct TrainingStep {
  /// The images of a batch.
  package enum Images {
    /// Preprocessed pixels [images, channels * size * size], for the vision tower.
    case pixels(Matrix)
    /// Features of unit length [images, projectionWidth] from a frozen vision tower.
    case features(Matrix)
  }

  /// The prompts of a batch.
  package enum Prompts {
    case texts(TextBatch)
    /// Features of unit length [prompts, projectionWidth] from a frozen text tower.
    case features(Matrix)
  }

  private let visionTower: VisionTower
  private let textTower: TextTower
  private let logitScale: Float
  private let logitScaleGradient: UnsafeMutablePointer<Float>?
  private let loss: Loss

  /// - Parameter table: the parameters to read, and where the gradients of the trained ones go.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    logitScale: Float, loss: Loss
  ) {
    visionTower = VisionTower(parameters, configuration, table)
    textTower = TextTower(parameters, configuration, table)
    self.logitScale = logitScale
    logitScaleGradient = table.gradients[parameters.logitScale]
    self.loss = loss
  }

  /// Adds the gradient of the batch's loss to the table's gradients.
  ///
  /// - Parameter targets: the prompt of each image.
  /// - Returns: the loss.
  package func run(
    images: Images, prompts: Prompts, targets: [Int], _ context: ComputeContext
  ) -> Double {
    let (imageFeatures, imageTape) = encode(images, context)
    let (promptFeatures, promptTape) = encode(prompts, context)
    let z = imageFeatures.rows
    let t = promptFeatures.rows

    let logits = context.matrix(z.rows, t.rows)
    context.multiply(z.view, .asIs, t.view, .transposed, into: logits.view, alpha: logitScale)
    let cosines = logitScaleGradient.map { _ in logits.elements }
    let value = loss.backward(logits, targets: targets, context)
    if let cosines, let gradient = logitScaleGradient {
      gradient.pointee += zip(logits.elements, cosines).reduce(0) { $0 + $1.0 * $1.1 }
    }

    if let promptTape {
      let gradient = context.matrix(t.rows, t.columns)
      context.multiply(
        logits.view, .transposed, z.view, .asIs, into: gradient.view, alpha: logitScale)
      promptFeatures.backward(gradient, context)
      textTower.backward(gradient, promptTape, context)
      gradient.recycle()
    }
    if let imageTape {
      let gradient = context.matrix(z.rows, z.columns)
      context.multiply(logits.view, .asIs, t.view, .asIs, into: gradient.view, alpha: logitScale)
      imageFeatures.backward(gradient, context)
      visionTower.backward(gradient, imageTape, context)
      gradient.recycle()
    }
    logits.recycle()
    imageFeatures.recycle()
    promptFeatures.recycle()
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
    UnitRows, TextTower.Tape?
  ) {
    switch prompts {
    case .features(let unit): return (UnitRows(unit: unit), nil)
    case .texts(let texts):
      let (features, tape) = textTower.forward(texts, recording: textTower.isTrained, context)
      return (UnitRows(normalizing: features, context), tape)
    }
  }
}
