import CLIP
import Tensors

/// A part of a batch's images or prompts, and its forward and backward pass through one tower.
///
/// All its memory belongs to its context, whichever thread runs it, but only one thread may use it
/// at a time.
final class TowerPart: @unchecked Sendable {
  enum Input {
    /// Creates the images; their pixels belong to the part's context.
    case images((ComputeContext) -> TrainingStep.Images)
    case prompts((ComputeContext) -> TrainingStep.Prompts)
  }

  private enum Encoded {
    case images(EncodedImages, pixels: Matrix?)
    case prompts(EncodedPrompts)
  }

  private let step: TrainingStep
  private let input: Input
  private let precision: Precision
  private let context: ComputeContext
  private var encoded: Encoded?
  /// Where the gradient of the features is, [rows, projectionWidth], before the backward pass; nil
  /// if nothing in the tower is trained. Overwritten by the backward pass.
  var gradient: Matrix?

  /// - Parameters:
  ///   - step: has the towers, and the destination of this part's gradients.
  ///   - precision: the precision of products.
  init(
    _ step: TrainingStep, _ input: Input, _ precision: Precision, _ context: ComputeContext
  ) {
    self.step = step
    self.input = input
    self.precision = precision
    self.context = context
  }

  /// The normalised features [rows, projectionWidth], between forward and backward pass.
  var features: Matrix {
    switch encoded {
    case .images(let images, _): images.features.rows
    case .prompts(let prompts): prompts.features.rows
    case nil: preconditionFailure("forward comes first")
    }
  }

  /// Whether there is a backward pass.
  var isTrained: Bool {
    switch encoded {
    case .images(let images, _): images.isTrained
    case .prompts(let prompts): prompts.isTrained
    case nil: false
    }
  }

  /// Computes the features of the input.
  func forward() {
    context.withPrecision(precision) {
      switch input {
      case .images(let make):
        let images = make(context)
        var pixels: Matrix?
        if case .pixels(let matrix) = images { pixels = matrix }
        encoded = .images(step.encode(images, context), pixels: pixels)
      case .prompts(let make): encoded = .prompts(step.encode(make(context), context))
      }
    }
  }

  /// Adds the gradients of the trained parameters, and recycles everything.
  func backward() {
    guard let encoded else { preconditionFailure("forward comes first") }
    context.withPrecision(precision) {
      switch encoded {
      case .images(let images, let pixels):
        if let gradient {
          images.backward(gradient, context)
        } else {
          images.features.recycle()
        }
        pixels?.recycle()
      case .prompts(let prompts):
        if let gradient { prompts.backward(gradient, step.textTower, context) }
        prompts.features.recycle()
      }
    }
    self.encoded = nil
    gradient = nil
  }
}
