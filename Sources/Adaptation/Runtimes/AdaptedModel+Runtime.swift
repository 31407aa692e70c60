import CLIP
import Tensors

/// The inputs of a method's training step.
struct StepInputs: Hashable {
  enum Images: Hashable {
    case pixels
    /// Cached features of a frozen vision tower.
    case features
  }

  enum Prompts: Hashable {
    case none
    /// Texts of equal length.
    case texts(count: Int, length: Int)
    /// Cached features of a frozen text tower.
    case features(count: Int)
  }

  let images: Images
  let count: Int
  let prompts: Prompts

  /// Pixels or features in float32, and tokens and labels as 64-bit integers.
  func bytes(_ configuration: CLIPConfiguration) -> Int {
    let image = images == .pixels ? configuration.pixelCount : configuration.projectionWidth
    let promptBytes =
      switch prompts {
      case .none: 0
      case .texts(let count, let length): 8 * count * length
      case .features(let count): 4 * count * configuration.projectionWidth
      }
    return count * (4 * image + 8) + promptBytes
  }
}

/// The memory and kernels of a runtime's program, excluding parameters that the method does not
/// train.
struct RuntimeCost {
  /// The peak memory in bytes.
  private(set) var peakBytes = 0
  private(set) var kernels = KernelTally()

  /// Appends a cost that follows in time.
  mutating func add(_ next: RuntimeCost) {
    peakBytes = max(peakBytes, next.peakBytes)
    kernels.add(next.kernels)
  }

  /// Appends a program with or without its backward pass.
  ///
  /// - Parameters:
  ///   - held: bytes that are allocated throughout.
  ///   - accumulates: whether parameter gradients already exist as part of `held`.
  mutating func add(
    _ program: StepProgram, _ rules: RuntimeRules, recording: Bool = true, held: Int = 0,
    accumulates: Bool = false
  ) {
    let memory = StepMemory(program, rules, recording: recording, accumulates: accumulates)
    add(
      RuntimeCost(
        peakBytes: held + memory.peak,
        kernels: StepKernels(program, rules, recording: recording).tally))
  }
}

extension AdaptedModel {
  /// The cost of a step with a runtime's program, including the optimizer.
  func stepCost(
    _ inputs: StepInputs, _ training: LocalTraining, _ rules: RuntimeRules
  ) -> RuntimeCost {
    let (loss, optimizer) = (training.loss, training.optimizer)
    var step = RuntimeCost()
    if training.techniques.microBatch == nil {
      step.add(program(inputs, loss, rules, training.techniques), rules)
    } else {
      step = PiecewiseStep(self, inputs, training, rules).cost
    }
    let sizes = method.trainable.entries.map { 4 * $0.count }
    let trained = sizes.reduce(0, +)
    let rule = rules.optimizers[optimizer.form]!
    let peak =
      trained + optimizer.stateBytes(of: sizes) + inputs.bytes(model.configuration)
      + max(step.peakBytes, trained + rule.temporaries(of: sizes))
    var kernels = step.kernels
    kernels.add(StepKernels.optimizer(rule, sizes))
    return RuntimeCost(peakBytes: peak, kernels: kernels)
  }

  /// The cost of a forward pass of the frozen vision tower.
  func visionCost(
    images: Int, _ rules: RuntimeRules, _ techniques: TrainingTechniques
  ) -> RuntimeCost {
    let pixelBytes = 4 * images * model.configuration.pixelCount
    return towerCost(inputBytes: pixelBytes, rules, techniques) { step in
      let (features, rows) = step.vision(step.input(bytes: pixelBytes), count: images)
      step.release(rows, features)
    }
  }

  /// The cost of a forward pass of the frozen text tower for texts of equal length.
  func textCost(
    count: Int, length: Int, _ rules: RuntimeRules, _ techniques: TrainingTechniques
  ) -> RuntimeCost {
    towerCost(inputBytes: 8 * count * length, rules, techniques) { step in
      let (features, rows) = step.text(count: count, length: length, context: nil)
      step.release(rows, features)
    }
  }

  private func towerCost(
    inputBytes: Int, _ rules: RuntimeRules, _ techniques: TrainingTechniques,
    _ write: (inout StepBuilder) -> Void
  ) -> RuntimeCost {
    let frozen = ParameterTable(
      frozen: model.weights.values.map { _ in UnsafePointer(ComputeContext.untouched) })
    var step = StepBuilder(
      model.configuration, model.parameters.layout, frozen, rules, techniques)
    write(&step)
    return RuntimeCost(
      peakBytes: inputBytes + StepMemory(step.program, rules, recording: false).peak,
      kernels: StepKernels(step.program, rules, recording: false).tally)
  }

  /// A builder for a program of the method's step.
  func stepBuilder(_ rules: RuntimeRules, _ techniques: TrainingTechniques) -> StepBuilder {
    StepBuilder(
      model.configuration, model.parameters.layout, Self.tracingTable(model, method), rules,
      techniques)
  }

  /// The operations of a step's forward pass.
  private func program(
    _ inputs: StepInputs, _ loss: Loss, _ rules: RuntimeRules, _ techniques: TrainingTechniques
  ) -> StepProgram {
    let attachments = attachments(Self.tracingTable(model, method))
    var step = stepBuilder(rules, techniques)
    // Tensors held by variables until the scores are computed.
    var held: [StepProgram.Value] = []
    let textFirst = rules.runsFrozenTextFirst && !trainsText
    var prompts = textFirst ? self.prompts(inputs, attachments, &step, &held) : nil
    let images = self.images(inputs, attachments, &step, &held)
    if !textFirst { prompts = self.prompts(inputs, attachments, &step, &held) }
    compare(
      images, count: inputs.count, prompts, loss, attachments, held, &step)
    step.endPass()
    return step.program
  }

  /// Appends the loss of features.
  ///
  /// - Parameter held: tensors held by variables until the scores are computed.
  func compare(
    _ features: StepProgram.Value, count: Int,
    _ prompts: (features: StepProgram.Value, count: Int)?, _ loss: Loss,
    _ attachments: Attachments, _ held: [StepProgram.Value], _ step: inout StepBuilder
  ) {
    var (images, held) = (features, held)
    if let classifier = attachments.classifier {
      let unit = step.unitRows(images, count: count)
      let scores = step.linear(unit, classifier, rows: count)
      step.release(held + [unit])
      step.loss(.classification, scores)
      return
    }
    guard let prompts else { preconditionFailure("prompts, where no classifier takes their place") }
    if let adapter = attachments.imageAdapter {
      images = adapter.forward(images, rows: count, in: &step)
      held.append(images)
    }
    let logits = step.logits(
      images: images, count: count, prompts: prompts.features, promptCount: prompts.count)
    step.release(held)
    step.loss(loss, logits)
  }

  func images(
    _ inputs: StepInputs, _ attachments: Attachments, _ step: inout StepBuilder,
    _ held: inout [StepProgram.Value]
  ) -> StepProgram.Value {
    switch inputs.images {
    case .pixels:
      let pixels = step.input(bytes: 4 * inputs.count * model.configuration.pixelCount)
      return features(
        step.vision(pixels, count: inputs.count, prompts: attachments.visionPrompts), &step,
        &held)
    case .features:
      return step.input(bytes: 4 * inputs.count * model.configuration.projectionWidth)
    }
  }

  func prompts(
    _ inputs: StepInputs, _ attachments: Attachments, _ step: inout StepBuilder,
    _ held: inout [StepProgram.Value]
  ) -> (features: StepProgram.Value, count: Int)? {
    switch inputs.prompts {
    case .none:
      return nil
    case .texts(let count, let length):
      // A method with a learned context trains nothing else.
      let context = attachments.context.map { _ in 4 * method.trainable.count }
      let text = step.text(count: count, length: length, context: context)
      return (features(text, &step, &held), count)
    case .features(let count):
      return (step.input(bytes: 4 * count * model.configuration.projectionWidth), count)
    }
  }

  /// Published code that adds modules to the towers requests features from each tower. Other code
  /// calls the whole CLIP model, whose result includes the towers' rows.
  private func features(
    _ output: (features: StepProgram.Value, rows: StepProgram.Value), _ step: inout StepBuilder,
    _ held: inout [StepProgram.Value]
  ) -> StepProgram.Value {
    held.append(output.features)
    if hasAttachments { step.release(output.rows) } else { held.append(output.rows) }
    return output.features
  }
}

extension Optimizer {
  /// The optimizer's moments, including a step counter per parameter.
  fileprivate func stateBytes(of sizes: [Int]) -> Int {
    momentsPerParameter * sizes.reduce(0, +) + (momentsPerParameter > 0 ? 4 * sizes.count : 0)
  }

  fileprivate var form: RuntimeRules.OptimizerForm {
    switch kind {
    case .adam: weightDecay == 0 ? .adamWithoutDecay : .adam
    case .adamw: .adamw
    case .sgd: weightDecay == 0 ? .sgdWithoutDecay : .sgd
    }
  }
}

extension RuntimeRules.OptimizerRule {
  /// The peak temporary memory of an optimizer step in bytes.
  fileprivate func temporaries(of sizes: [Int]) -> Int {
    zip([0] + sizes, sizes).map { previous * $0 + own * $1 }.max() ?? 0
  }
}
