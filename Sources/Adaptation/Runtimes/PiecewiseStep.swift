import CLIP
import Tensors

/// A step whose images and prompts run through the towers in micro-batches.
///
/// For a contrastive loss, it computes the features of all micro-batches, then the loss, then runs
/// the micro-batches of trained towers again with their part of the features' gradient; a tower
/// with a single micro-batch is recorded in its first pass. For a loss with one term per image, it
/// runs the images' micro-batches in sequence and accumulates the prompts' gradient.
struct PiecewiseStep {
  private let adapted: AdaptedModel
  private let inputs: StepInputs
  private let training: LocalTraining
  private let rules: RuntimeRules
  private let attachments: Attachments
  private(set) var cost = RuntimeCost()
  /// Features and parameter gradients that are already allocated.
  private var held = 0

  private var techniques: TrainingTechniques { training.techniques }

  init(
    _ adapted: AdaptedModel, _ inputs: StepInputs, _ training: LocalTraining,
    _ rules: RuntimeRules
  ) {
    self.adapted = adapted
    self.inputs = inputs
    self.training = training
    self.rules = rules
    attachments = adapted.attachments(AdaptedModel.tracingTable(adapted.model, adapted.method))
    if training.loss == .contrastive, attachments.classifier == nil {
      together()
    } else {
      oneByOne()
    }
  }

  // MARK: A loss over all pairs

  private mutating func together() {
    if imagesArePieces { firstPass(imagePieces, images) }
    if promptsArePieces { firstPass(promptPieces, prompts) }
    compareAll()
    if promptsArePieces, adapted.trainsText { secondPass(promptPieces, prompts) }
    if imagesArePieces, adapted.trainsVision { secondPass(imagePieces, images) }
  }

  private mutating func compareAll() {
    var step = adapted.stepBuilder(rules, techniques)
    var variables: [StepProgram.Value] = []
    let images =
      imagesArePieces
      ? step.features(count: inputs.count, isTrained: adapted.trainsVision)
      : adapted.images(inputs, attachments, &step, &variables)
    let prompts =
      promptsArePieces
      ? (step.features(count: promptCount, isTrained: adapted.trainsText), promptCount)
      : adapted.prompts(inputs, attachments, &step, &variables)
    adapted.compare(
      images, count: inputs.count, prompts, training.loss, attachments, variables, &step)
    step.endPass()
    run(step.program)
  }

  // MARK: A term for each image

  private mutating func oneByOne() {
    let promptsAreRead = inputs.prompts != .none
    if promptsArePieces { firstPass(promptPieces, prompts) }
    // A single micro-batch of prompts is recorded before the images run, and its backward pass
    // follows theirs.
    var recorded: (program: StepProgram, kept: Int)?
    if promptsAreRead, !promptsArePieces, adapted.trainsText {
      let program = program(0..<promptCount, prompts)
      let kept = StepMemory(program, rules, recording: true).kept
      recorded = (program, kept)
      held += kept
    } else if promptsAreRead, !promptsArePieces {
      firstPass([0..<promptCount], prompts)
    }
    for (index, piece) in imagePieces.enumerated() {
      compare(piece, isFirst: index == 0)
    }
    if let recorded {
      held -= recorded.kept
      run(recorded.program)
    } else if promptsArePieces, adapted.trainsText {
      secondPass(promptPieces, prompts)
    }
  }

  private mutating func compare(_ piece: Range<Int>, isFirst: Bool) {
    var step = adapted.stepBuilder(rules, techniques)
    var variables: [StepProgram.Value] = []
    let images = adapted.images(part(piece), attachments, &step, &variables)
    let prompts =
      inputs.prompts == .none
      ? nil : (step.features(count: promptCount, isTrained: adapted.trainsText), promptCount)
    adapted.compare(
      images, count: piece.count, prompts, training.loss, attachments, variables, &step)
    step.endPass()
    run(step.program, accumulates: !isFirst)
  }

  // MARK: Passes

  private typealias Tower = (Range<Int>, inout StepBuilder) -> StepProgram.Value

  /// Computes the features of micro-batches without saving anything for a backward pass.
  private mutating func firstPass(_ pieces: [Range<Int>], _ tower: Tower) {
    for piece in pieces {
      cost.add(program(piece, tower), rules, recording: false, held: held)
      held += featureBytes(piece.count)
    }
  }

  private mutating func secondPass(_ pieces: [Range<Int>], _ tower: Tower) {
    for (index, piece) in pieces.enumerated() {
      run(program(piece, tower), accumulates: index > 0)
    }
  }

  /// Runs a program with its backward pass; the gradients of its parameters stay allocated.
  private mutating func run(_ program: StepProgram, accumulates: Bool = false) {
    cost.add(program, rules, held: held, accumulates: accumulates)
    if !accumulates { held += StepMemory.gradientBytes(program) }
  }

  private func program(_ piece: Range<Int>, _ tower: Tower) -> StepProgram {
    var step = adapted.stepBuilder(rules, techniques)
    let features = tower(piece, &step)
    step.endPass()
    step.seed(features)
    step.release(features)
    return step.program
  }

  private func images(
    _ piece: Range<Int>, _ step: inout StepBuilder
  ) -> StepProgram.Value {
    var variables: [StepProgram.Value] = []
    let features = adapted.images(part(piece), attachments, &step, &variables)
    for variable in variables where variable != features { step.release(variable) }
    return features
  }

  private func prompts(
    _ piece: Range<Int>, _ step: inout StepBuilder
  ) -> StepProgram.Value {
    var variables: [StepProgram.Value] = []
    let features = adapted.prompts(part(piece), attachments, &step, &variables)!.features
    for variable in variables where variable != features { step.release(variable) }
    return features
  }

  // MARK: Pieces

  private var imagePieces: [Range<Int>] { techniques.pieces(of: inputs.count) }
  private var promptPieces: [Range<Int>] { techniques.pieces(of: promptCount) }
  private var imagesArePieces: Bool { inputs.images == .pixels && imagePieces.count > 1 }
  private var promptsArePieces: Bool {
    if case .texts = inputs.prompts { promptPieces.count > 1 } else { false }
  }

  private var promptCount: Int {
    switch inputs.prompts {
    case .none: 0
    case .texts(let count, _), .features(let count): count
    }
  }

  /// The inputs for one micro-batch of images and texts.
  private func part(_ piece: Range<Int>) -> StepInputs {
    let prompts: StepInputs.Prompts =
      if case .texts(_, let length) = inputs.prompts {
        .texts(count: piece.count, length: length)
      } else {
        inputs.prompts
      }
    return StepInputs(images: inputs.images, count: piece.count, prompts: prompts)
  }

  private func featureBytes(_ count: Int) -> Int {
    4 * count * adapted.model.configuration.projectionWidth
  }
}
