import CLIP
import Tensors

/// The normalised prompts of a step, and their backward pass to the text tower's parameters.
struct EncodedPrompts {
  let features: UnitRows
  /// The range of prompts of each client.
  let parts: [Range<Int>]
  let tape: Tape

  enum Tape {
    case none
    case recorded(TextTower.Tape)
    /// Several micro-batches, which run through the tower again before their backward pass.
    case pieces([TrainingStep.Texts])
  }

  init(features: UnitRows, parts: [Range<Int>], tape: Tape) {
    self.features = features
    self.parts = parts
    self.tape = tape
  }

  /// Runs texts through the tower; a single micro-batch is recorded for its backward pass.
  init(_ pieces: [TrainingStep.Texts], _ tower: TextTower, _ context: ComputeContext) {
    if pieces.count == 1 {
      let (features, tape) = tower.forward(
        pieces[0].rows, from: pieces[0].start, recording: tower.isTrained, context)
      self.init(
        features: UnitRows(normalizing: features, context),
        parts: pieces[0].rows.rows.parts(.pooled), tape: tape.map { .recorded($0) } ?? .none)
      return
    }
    let count = pieces.reduce(0) { $0 + $1.count }
    let unit = context.matrix(count, tower.projectionWidth)
    for (piece, range) in zip(pieces, Self.ranges(pieces)) {
      let (features, _) = tower.forward(piece.rows, from: piece.start, recording: false, context)
      let normalized = UnitRows(normalizing: features, context)
      context.copyRows(normalized.rows, to: unit.slice(range))
      normalized.recycle()
    }
    self.init(
      features: UnitRows(unit: unit), parts: [0..<count],
      tape: tower.isTrained ? .pieces(pieces) : .none)
  }

  /// Whether there is a backward pass.
  var isTrained: Bool {
    if case .none = tape { false } else { true }
  }

  /// Adds the gradients of the tower's parameters.
  ///
  /// - Parameter gradient: the gradient of the normalised features, which is overwritten.
  func backward(_ gradient: Matrix, _ tower: TextTower, _ context: ComputeContext) {
    switch tape {
    case .none: return
    case .recorded(let tape):
      features.backward(gradient, context)
      tower.backward(gradient, tape, context)
    case .pieces(let pieces):
      for (piece, range) in zip(pieces, Self.ranges(pieces)) {
        let (features, tape) = tower.forward(
          piece.rows, from: piece.start, recording: true, context)
        let normalized = UnitRows(normalizing: features, context)
        let part = gradient.slice(range)
        normalized.backward(part, context)
        tower.backward(part, tape!, context)
        normalized.recycle()
      }
    }
  }

  /// The range of each micro-batch's texts among all texts.
  private static func ranges(_ pieces: [TrainingStep.Texts]) -> [Range<Int>] {
    var end = 0
    return pieces.map { piece in
      defer { end += piece.count }
      return end..<end + piece.count
    }
  }
}
