import CLIP
import Tensors

/// Derives what a method's training costs a device, by tracing the training code on shapes.
///
/// FLOPs are those of the matrix products. Kernels, elementwise passes among them, are those of the runtime's
/// program, or as the engine runs them.
/// Memory is float32 and counts what is alive at the same time: frozen weights, trained numbers with
/// their gradients and moments, the batch, what the backward pass keeps, and working space. What the last
/// two are depends on the runtime: `engine` is traced, the others follow `RuntimeRules`. The
/// server's version is not kept beside the trained copy: an update is the trained numbers themselves.
package final class CostModel {
  private let adapted: AdaptedModel
  private let training: LocalTraining
  private let prompts: ClassPrompts
  private let plan: ExecutionPlan
  private let runtime: DeviceRuntime
  private var steps: [StepShape: TracedCost] = [:]
  /// By images: a pass of the frozen vision tower.
  private var visionPasses: [Int: TracedCost] = [:]
  private lazy var textPass = tracedTextPass()
  /// By samples: a task's steps without and with its preparation, and the most memory.
  private var trainings: [Int: (alone: TrainingCost, prepared: TrainingCost)] = [:]
  private var peaks: [Int: Int] = [:]

  /// - Parameter runtime: what its memory is that of; left out, the plan's standard.
  package init(
    _ adapted: AdaptedModel, _ training: LocalTraining, prompts: ClassPrompts, plan: ExecutionPlan,
    runtime: DeviceRuntime? = nil
  ) {
    self.adapted = adapted
    self.training = training
    self.prompts = adapted.method.prompts ?? prompts
    self.plan = plan
    self.runtime = runtime ?? .standard(for: plan)
  }

  /// The steps of one task.
  ///
  /// - Parameters:
  ///   - labels: those of each batch's samples.
  ///   - preparing: whether the device still has to compute the features that its plan keeps.
  package func training(batches labels: [[Int]], preparing: Bool) -> TrainingCost {
    let steps = labels.map { (step(shape(images: $0.count, labels: $0)), 1) }
    guard preparing else { return TrainingCost(steps) }
    let samples = labels.reduce(0) { $0 + $1.count } / max(1, training.localEpochs)
    return TrainingCost(steps + preparationPasses(samples: samples))
  }

  /// The steps of one task with so many samples.
  ///
  /// - Precondition: the costs do not depend on labels.
  package func training(samples: Int, preparing: Bool) -> TrainingCost {
    precondition(!dependsOnLabels, "the labels decide which prompts a step encodes")
    if let known = trainings[samples] { return preparing ? known.prepared : known.alone }
    let traced = traced(samples: samples)
    trainings[samples] = traced
    return preparing ? traced.prepared : traced.alone
  }

  private func traced(samples: Int) -> (alone: TrainingCost, prepared: TrainingCost) {
    let steps = batches(of: samples).map { images, times in
      (step(shape(images: images, labels: [])), times * training.localEpochs)
    }
    return (TrainingCost(steps), TrainingCost(steps + preparationPasses(samples: samples)))
  }

  /// The sizes of the batches of so many samples, and how many there are of each.
  private func batches(of samples: Int) -> [(images: Int, times: Int)] {
    split(samples, by: training.batchSize)
  }

  /// Images that pass a frozen tower together, which no loss compares.
  private func preparationBatches(of samples: Int) -> [(images: Int, times: Int)] {
    split(
      samples,
      by: min(training.batchSize, training.techniques.microBatch ?? training.batchSize))
  }

  private func split(_ samples: Int, by size: Int) -> [(images: Int, times: Int)] {
    let (full, rest) = samples.quotientAndRemainder(dividingBy: size)
    return [(size, full), (rest, 1)].filter { $0.0 > 0 && $0.1 > 0 }
  }

  /// Whether a step's cost depends on its labels and not only on how many there are.
  package var dependsOnLabels: Bool {
    plan == .cached && training.loss == .contrastive && adapted.readsPrompts
  }

  /// Whether a device computes something once that its plan keeps.
  package var prepares: Bool { keepsImageFeatures || keepsPromptFeatures }

  /// The base's numbers that a device needs beside those that the server sends, in bytes as the device
  /// stores them: all of them, but for a text tower that the cached plan never runs.
  package private(set) lazy var baseBytes = frozenBytes(
    AdaptedModel.tracingTable(adapted.model, adapted.method)
  ) { [self] index in
    plan == .reference || adapted.readsPrompts
      || !adapted.model.parameters.textIndices.contains(index)
  }

  /// The most memory that a device with so many samples ever holds, in bytes.
  ///
  /// - Precondition: the costs do not depend on labels.
  package func peakBytes(samples: Int) -> Int {
    precondition(!dependsOnLabels, "the labels decide which prompts a step encodes")
    if let known = peaks[samples] { return known }
    let peak = peakBytes(labels: .init(repeating: 0, count: samples))
    peaks[samples] = peak
    return peak
  }

  /// The most memory that a device with these samples ever holds, in bytes.
  package func peakBytes(labels: [Int]) -> Int {
    let images = min(labels.count, training.batchSize)
    let features = keepsImageFeatures ? 4 * labels.count * projectionWidth : 0
    return max(
      step(shape(images: images, labels: labels)).peakBytes + features,
      preparation(samples: labels.count).peakBytes + features)
  }

  /// One step with gradients and the optimizer, as the plan runs it.
  package func step(_ shape: StepShape) -> TracedCost {
    if let known = steps[shape] { return known }
    let context = adapted.tracedStep(training, plan.savings, images: shape.images) {
      images(shape, $0)
    } prompts: {
      texts(shape, $0)
    }
    let table = AdaptedModel.tracingTable(adapted.model, adapted.method)
    let cost = cost(context, residentWeights: residentWeightBytes(table)) {
      adapted.stepCost(inputs(shape), training, $0)
    }
    steps[shape] = cost
    return cost
  }

  /// What a step reads; texts side by side are as long as the longest of them.
  private func inputs(_ shape: StepShape) -> StepInputs {
    let images = keepsImageFeatures ? StepInputs.Images.features : .pixels
    let prompts: StepInputs.Prompts =
      if !adapted.readsPrompts {
        .none
      } else if plan == .reference {
        .texts(
          count: training.loss == .contrastive ? shape.images : prompts.count,
          length: adapted.model.configuration.contextLength)
      } else if adapted.trainsText {
        .texts(count: shape.classes.count, length: longest(shape.classes))
      } else {
        .features(count: shape.classes.count)
      }
    return StepInputs(images: images, count: shape.images, prompts: prompts)
  }

  /// Tokens of the longest of the classes' prompts up to their end tokens.
  private func longest(_ classes: some Sequence<Int>) -> Int {
    classes.map { adapted.model.configuration.endRow(of: prompts.tokens[$0]) + 1 }.max() ?? 0
  }

  /// What was traced, with the memory and the kernels of the runtime's program where it has rules.
  private func cost(
    _ context: ComputeContext, residentWeights: Int, _ program: (RuntimeRules) -> RuntimeCost
  ) -> TracedCost {
    let programmed = runtime.rules.map(program)
    return TracedCost(
      flops: Int(context.matrixProductFLOPs),
      peakBytes: (programmed?.peakBytes ?? Int(context.peakBytes)) + residentWeights,
      roofline: Roofline(programmed?.kernels ?? context.kernels))
  }

  /// The most memory, and the operations, of what the plan computes once, before a device's first step: the
  /// features of frozen towers.
  package func preparation(samples: Int) -> (flops: Int, peakBytes: Int) {
    let passes = preparationPasses(samples: samples)
    return (TrainingCost(passes).flops, passes.map(\.cost.peakBytes).max() ?? 0)
  }

  private func preparationPasses(samples: Int) -> [(cost: TracedCost, times: Int)] {
    let vision =
      keepsImageFeatures
      ? preparationBatches(of: samples).map {
        (cost: visionPass(images: $0.images), times: $0.times)
      } : []
    return vision + (keepsPromptFeatures ? [(textPass, 1)] : [])
  }

  private func visionPass(images: Int) -> TracedCost {
    if let known = visionPasses[images] { return known }
    let context = ComputeContext(computes: false)
    let parameters = adapted.model.parameters
    let tower = VisionTower(
      parameters, adapted.model.configuration, frozenTable,
      TowerOptions(prunesLastBlock: false))
    let pixels = context.matrix(images, adapted.model.configuration.pixelCount)
    _ = tower.forward(pixels, recording: false, context)
    let pass = cost(context, residentWeights: bytes(parameters.visionIndices)) {
      adapted.visionCost(images: images, $0, training.techniques)
    }
    visionPasses[images] = pass
    return pass
  }

  private func tracedTextPass() -> TracedCost {
    let context = ComputeContext(computes: false)
    let parameters = adapted.model.parameters
    let tower = TextTower(
      parameters, adapted.model.configuration, frozenTable,
      TowerOptions(prunesLastBlock: false))
    let pieces = training.techniques.pieces(of: prompts.texts)
    for piece in pieces {
      tower.forward(piece.rows, recording: false, context).features.recycle()
    }
    return cost(context, residentWeights: bytes(parameters.textIndices)) { rules in
      pieces.map {
        adapted.textCost(
          count: $0.count, length: longest(0..<prompts.count), rules, training.techniques)
      }.reduce(into: RuntimeCost()) { $0.add($1) }
    }
  }

  /// The reference plan encodes a prompt for each image, whatever their classes; a classifier needs none.
  private func shape(images: Int, labels: [Int]) -> StepShape {
    StepShape(
      images: images,
      classes: plan == .reference || !adapted.readsPrompts
        ? [] : training.loss.promptClasses(labels: labels, count: prompts.count))
  }

  private func images(_ shape: StepShape, _ context: ComputeContext) -> TrainingStep.Images {
    keepsImageFeatures
      ? .features(context.matrix(shape.images, projectionWidth))
      : .pixels(context.matrix(shape.images, adapted.model.configuration.pixelCount))
  }

  private func texts(_ shape: StepShape, _ context: ComputeContext) -> TrainingStep.Prompts {
    guard adapted.readsPrompts else { return .none }
    guard plan == .cached else {
      return .texts(training.techniques.pieces(of: paddedPrompts(shape)))
    }
    guard adapted.trainsText else {
      return .features(context.matrix(shape.classes.count, projectionWidth))
    }
    return .texts(training.techniques.pieces(of: prompts.texts.selecting(shape.classes)))
  }

  /// The prompts of the reference plan: one for each image, or, for a classification, for each class.
  private func paddedPrompts(_ shape: StepShape) -> TextBatch {
    let count = training.loss == .contrastive ? shape.images : prompts.count
    return TextBatch(
      padding: .init(repeating: prompts.tokens[0], count: count), adapted.model.configuration)
  }

  /// Frozen weights that a step reads; the cached plan does not hold a tower that it has no use for.
  private func residentWeightBytes(_ table: ParameterTable) -> Int {
    let parameters = adapted.model.parameters
    return 4 * adapted.method.constantCount
      + frozenBytes(table) { index in
        plan == .reference
          || !(!adapted.trainsVision && parameters.visionIndices.contains(index)
            || !adapted.trainsText && parameters.textIndices.contains(index))
      }
  }

  /// The parameters that the method does not train, of those that are wanted, in bytes.
  private func frozenBytes(
    _ table: ParameterTable, where isWanted: (Int) -> Bool = { _ in true }
  ) -> Int {
    bytes(
      adapted.model.parameters.layout.entries.indices.filter {
        !table[$0].isTrained && isWanted($0)
      })
  }

  private var keepsImageFeatures: Bool { plan == .cached && !adapted.trainsVision }

  private var keepsPromptFeatures: Bool {
    plan == .cached && adapted.readsPrompts && !adapted.trainsText
  }

  private var projectionWidth: Int { adapted.model.configuration.projectionWidth }

  private var frozenTable: ParameterTable {
    ParameterTable(
      frozen: adapted.model.weights.values.map { _ in UnsafePointer(ComputeContext.untouched) })
  }

  private func bytes(_ indices: some Sequence<Int>) -> Int {
    adapted.model.bytes(indices, in: training.techniques.basePrecision)
  }
}
