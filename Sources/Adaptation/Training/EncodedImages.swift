import CLIP
import Tensors

/// The normalised features of images, and their backward pass to the trained parameters.
struct EncodedImages {
  let features: UnitRows
  private let encoder: ImageEncoder
  private let tape: Tape

  private enum Tape {
    case none
    case recorded(ImageEncoder.Tape)
    /// Several micro-batches, which run through the tower again before their backward pass.
    case pieces(TrainingStep.Images, [Range<Int>])
  }

  /// Runs images through the tower; a single micro-batch is recorded for its backward pass.
  ///
  /// - Parameters:
  ///   - images: features are recycled with the result; the caller keeps ownership of pixels, which
  ///     must live until the backward pass.
  ///   - pieces: the micro-batches.
  init(
    _ images: TrainingStep.Images, _ pieces: [Range<Int>], _ encoder: ImageEncoder,
    _ context: ComputeContext
  ) {
    self.encoder = encoder
    guard pieces.count > 1, encoder.trainsTower else {
      let (features, tape) = encoder.forward(
        encoder.passingFrozenTower(images, pieces, context), recording: true, context)
      self.features = features
      self.tape = tape.map { .recorded($0) } ?? .none
      return
    }
    let unit = context.matrix(pieces[pieces.count - 1].upperBound, encoder.width)
    for piece in pieces {
      let (features, _) = encoder.forward(images.slice(piece), recording: false, context)
      context.copyRows(features.rows, to: unit.slice(piece))
      features.recycle()
    }
    features = UnitRows(unit: unit)
    tape = .pieces(images, pieces)
  }

  /// Whether there is a backward pass.
  var isTrained: Bool {
    if case .none = tape { false } else { true }
  }

  /// Adds the gradients of the trained parameters. Recycles the features.
  ///
  /// - Parameter gradient: the gradient of the normalised features, which is overwritten.
  func backward(_ gradient: Matrix, _ context: ComputeContext) {
    switch tape {
    case .none: features.recycle()
    case .recorded(let tape):
      encoder.backward(gradient, features, tape, context)
      features.recycle()
    case .pieces(let images, let pieces):
      features.recycle()
      for piece in pieces {
        let (features, tape) = encoder.forward(images.slice(piece), recording: true, context)
        encoder.backward(gradient.slice(piece), features, tape!, context)
        features.recycle()
      }
    }
  }
}
