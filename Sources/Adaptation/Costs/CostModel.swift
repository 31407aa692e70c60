import CLIP
import Tensors

/// Derives the cost of a method's training on a device by tracing the training code on shapes.
///
/// FLOPs are those of the matrix products. Kernels, including elementwise ones, are those of the
/// runtime's program, or those that the engine runs. Memory is float32 and counts what is alive at
/// the same time: frozen weights, trained parameters with their gradients and moments, the batch,
/// saved activations, and working space. The last two depend on the runtime: `engine` is traced,
/// the others follow `RuntimeRules`. The server's version is not kept next to the trained copy,
/// because an update consists of the trained parameters themselves.
package final class CostModel {
  private let adapted: AdaptedModel
  private let training: LocalTraining
  private let prompts: ClassPrompts
  private let plan: ExecutionPlan
  private let runtime: DeviceRuntime
  private var steps: [StepShape: TracedCost] = [:]
  /// The cost of a forward pass of the frozen vision tower, by number of images.
  private var visionPasses: [Int: TracedCost] = [:]
  private lazy var textPass = tracedTextPass()
  /// By number of samples: a task's steps without and with preparation, and the peak memory.
  private var trainings: [Int: (alone: TrainingCost, prepared: TrainingCost)] = [:]
  private var peaks: [Int: Int] = [:]

  /// - Parameter runtime: the runtime whose memory is modelled; defaults to the plan's.
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

  /// The cost of one task's steps.
  ///
  /// - Parameters:
  ///   - labels: the labels of each batch's samples.
  ///   - preparing: whether the device still has to compute the features that its plan caches.
  package func training(batches labels: [[Int]], preparing: Bool) -> TrainingCost {
    let steps = labels.map { (step(shape(images: $0.count, labels: $0)), 1) }
    guard preparing else { return TrainingCost(steps) }
    let samples = labels.reduce(0) { $0 + $1.count } / max(1, training.localEpochs)
    return TrainingCost(steps + preparationPasses(samples: samples))
  }

  /// The cost of one task's steps for a number of samples.
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

  /// The batch sizes for a number of samples, and the number of batches of each size.
  private func batches(of samples: Int) -> [(images: Int, times: Int)] {
    split(samples, by: training.batchSize)
  }

  /// The batch sizes for forward passes of a frozen tower, where no loss couples the images.
  private func preparationBatches(of samples: Int) -> [(images: Int, times: Int)] {
    split(
      samples,
      by: min(training.batchSize, training.techniques.microBatch ?? training.batchSize))
  }

  private func split(_ samples: Int, by size: Int) -> [(images: Int, times: Int)] {
    let (full, rest) = samples.quotientAndRemainder(dividingBy: size)
    return [(size, full), (rest, 1)].filter { $0.0 > 0 && $0.1 > 0 }
  }

  /// Whether a step's cost depends on its labels rather than only on their number.
  package var dependsOnLabels: Bool {
    plan == .cached && training.loss == .contrastive && adapted.readsPrompts
  }

  /// Whether the plan caches features that a device computes once.
  package var prepares: Bool { keepsImageFeatures || keepsPromptFeatures }

  /// The base parameters that a device needs in addition to those that the server sends, in bytes
  /// in the device's storage format: all except a text tower that the cached plan never runs.
  package private(set) lazy var baseBytes = frozenBytes(
    AdaptedModel.tracingTable(adapted.model, adapted.method)
  ) { [self] index in
    plan == .reference || adapted.readsPrompts
      || !adapted.model.parameters.textIndices.contains(index)
  }

  /// The peak memory of a device with this number of samples, in bytes.
  ///
  /// - Precondition: the costs do not depend on labels.
  package func peakBytes(samples: Int) -> Int {
    precondition(!dependsOnLabels, "the labels decide which prompts a step encodes")
    if let known = peaks[samples] { return known }
    let peak = peakBytes(labels: .init(repeating: 0, count: samples))
    peaks[samples] = peak
    return peak
  }

  /// The peak memory of a device with these samples, in bytes.
  package func peakBytes(labels: [Int]) -> Int {
    let images = min(labels.count, training.batchSize)
    let features = keepsImageFeatures ? 4 * labels.count * projectionWidth : 0
    return max(
      step(shape(images: images, labels: labels)).peakBytes + features,
      preparation(samples: labels.count).peakBytes + features)
  }

  /// The cost of one step with gradients and the optimizer under the plan.
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

  /// The inputs of a step; texts in a batch are as long as the longest of them.
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

  /// The length in tokens of the longest of the classes' prompts, up to the end token.
  private func longest(_ classes: some Sequence<Int>) -> Int {
    classes.map { adapted.model.configuration.endRow(of: prompts.tokens[$0]) + 1 }.max() ?? 0
  }

  /// The traced cost, with the memory and the kernels of the runtime's program if it has rules.
  private func cost(
    _ context: ComputeContext, residentWeights: Int, _ program: (RuntimeRules) -> RuntimeCost
  ) -> TracedCost {
    let programmed = runtime.rules.map(program)
    return TracedCost(
      flops: Int(context.matrixProductFLOPs),
      peakBytes: (programmed?.peakBytes ?? Int(context.peakBytes)) + residentWeights,
      roofline: Roofline(programmed?.kernels ?? context.kernels))
  }

  /// The operations and the peak memory of what the plan computes once before a device's first
  /// step: the features of frozen towers.
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

  /// The reference plan encodes one prompt per image, whatever their classes; a classifier needs
  /// none.
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

  /// The prompts of the reference plan: one per image, or one per class for the classification
  /// loss.
  private func paddedPrompts(_ shape: StepShape) -> TextBatch {
    let count = training.loss == .contrastive ? shape.images : prompts.count
    return TextBatch(
      padding: .init(repeating: prompts.tokens[0], count: count), adapted.model.configuration)
  }

  /// The bytes of the frozen weights that a step reads; the cached plan does not hold an unused
  /// tower.
  private func residentWeightBytes(_ table: ParameterTable) -> Int {
    let parameters = adapted.model.parameters
    return 4 * adapted.method.constantCount
      + frozenBytes(table) { index in
        plan == .reference
          || !(!adapted.trainsVision && parameters.visionIndices.contains(index)
            || !adapted.trainsText && parameters.textIndices.contains(index))
      }
  }

  /// The bytes of the selected parameters that the method does not train.
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
