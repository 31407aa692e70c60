import CLIP
import Tensors
import Testing

@testable import Adaptation

/// The cost model compared with a context's counters during the same real work.
struct MeasuredCostTests {
  private static let methods: [TinyMethod] = TinyMethod.allCases

  @Test(arguments: methods, Loss.allCases)
  func `the reference plan's step cost equals the measured cost`(method: TinyMethod, loss: Loss)
    throws
  {
    let training = try TinyTraining(method)
    let samples = [0, 1, 2, 3, 4]
    let labels = training.labels(of: samples)
    let context = ComputeContext()
    run(training, loss, .reference, context) { step in
      [
        step.run(
          images: .pixels(training.images.pixels(samples, context)),
          prompts: paddedPrompts(training, loss, labels),
          targets: loss == .contrastive && training.adapted.readsPrompts
            ? Array(samples.indices) : labels, context)
      ]
    }
    let cost = training.costs(.reference, loss: loss).step(
      StepShape(images: 5, classes: Set(labels).sorted()))
    #expect(cost.flops == Int(context.matrixProductFLOPs))
    // All frozen parameters stay in memory.
    #expect(cost.peakBytes == Int(context.peakBytes) + 4 * training.frozenCount())
  }

  @Test(arguments: methods, Loss.allCases)
  func `the cached plan's task cost equals the measured cost of its steps`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let batches = [[0, 3, 7, 2], [9, 1, 4, 8], [6, 5]]
    let labels = batches.map(training.labels)
    let costs = training.costs(.cached, loss: loss)
    let context = ComputeContext()
    run(training, loss, .cached, context) { step in
      batches.map { cachedStep(step, training, loss, $0, context) }
    }
    #expect(
      costs.training(batches: labels, preparing: false).flops == Int(context.matrixProductFLOPs))

    let alone = ComputeContext()
    run(training, loss, .cached, alone) { [cachedStep($0, training, loss, batches[0], alone)] }
    let shape = StepShape(images: 4, classes: training.targets(of: batches[0], loss).classes)
    // A frozen tower with cached features is not held.
    var held = ["logit_scale"]
    if training.adapted.trainsText { held.append("text_") }
    if training.adapted.trainsVision { held.append("vis") }
    #expect(
      costs.step(shape).peakBytes == Int(alone.peakBytes) + 4 * training.frozenCount(held))
  }

  /// Runs steps as a plan does, each with one optimizer update.
  private func run(
    _ training: TinyTraining, _ loss: Loss, _ plan: ExecutionPlan, _ context: ComputeContext,
    _ steps: (TrainingStep) -> [Double]
  ) {
    let optimizer = Optimizer()
    let start = training.movedStart
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    let step = training.adapted.step(
      training.adapted.table(parameters, gradient: gradient), loss, plan.savings)
    for value in steps(step) {
      #expect(value > 0)
      optimizer.step(parameters, gradient: gradient, &state, context)
    }
  }

  /// One prompt per image; one per class for classification, none for a classifier.
  private func paddedPrompts(
    _ training: TinyTraining, _ loss: Loss, _ labels: [Int]
  ) -> TrainingStep.Prompts {
    guard training.adapted.readsPrompts else { return .none }
    let texts = (loss == .contrastive ? labels : [0, 1, 2]).map { training.prompts.tokens[$0] }
    return .texts([
      .init(TextRows(batching: TextBatch(padding: texts, training.model.configuration)))
    ])
  }

  private func cachedStep(
    _ step: TrainingStep, _ training: TinyTraining, _ loss: Loss, _ batch: [Int],
    _ context: ComputeContext
  ) -> Double {
    let (classes, targets) = training.targets(of: batch, loss)
    let adapted = training.adapted
    let images = adapted.input(batch, training.images, training.features, context)
    let prompts: TrainingStep.Prompts =
      if !adapted.readsPrompts {
        .none
      } else if adapted.trainsText {
        .texts([.init(TextRows(batching: training.prompts.texts.selecting(classes)))])
      } else {
        .features(context.gather(frozenPrompts(training), classes.map(Int32.init)))
      }
    return step.run(images: images, prompts: prompts, targets: targets, context)
  }

  /// The features of all prompts from the frozen tower, in separate memory.
  private func frozenPrompts(_ training: TinyTraining) -> Matrix {
    training.model.features(of: training.prompts.texts, training.model.table, ComputeContext()).rows
  }

  /// The client caches the features of frozen prompts, like the cached plan. When it trains
  /// through unpadded prompts, a row attends to fewer rows than in that plan's batches.
  @Test(arguments: ExecutionPlan.allCases, methods)
  func `a client without the plan's work has the modelled computation and memory`(
    plan: ExecutionPlan, method: TinyMethod
  ) throws {
    let training = try TinyTraining(method)
    let adapted = training.adapted
    guard plan == .cached ? !adapted.trainsText : adapted.trainsText || !adapted.readsPrompts
    else { return }
    let batches = [[0, 3, 7, 2], [9, 1, 4, 8], [6, 5]]
    let context = ComputeContext()
    _ = training.trainer(LocalTraining(), plan.savings).train(
      from: training.movedStart, batches: batches, context)
    let costs = training.costs(plan)
    let labels = batches.map(training.labels)
    let flops = Double(costs.training(batches: labels, preparing: false).flops)
    #expect(abs(flops - Double(context.matrixProductFLOPs)) < 0.01 * flops)
    var held = [""]
    if plan == .cached {
      held =
        ["logit_scale"] + (adapted.trainsText ? ["text_"] : [])
        + (adapted.trainsVision ? ["vis"] : [])
    }
    let peak = batches.map { batch in
      let classes = training.targets(of: batch, .contrastive).classes
      return costs.step(StepShape(images: batch.count, classes: classes)).peakBytes
    }.max()!
    let measured = Int(context.peakBytes) + 4 * training.frozenCount(held)
    #expect(abs(Double(peak - measured)) < 0.05 * Double(measured))
  }

  @Test(arguments: [1, 3, 10])
  func `the preparation cost equals the cost of the frozen tower's features`(samples: Int) throws {
    let training = try TinyTraining(.textLoRA)
    let context = ComputeContext()
    let tower = VisionTower(
      training.model.parameters, training.model.configuration, training.model.table,
      TowerOptions(prunesLastBlock: false))
    _ = tower.forward(
      training.images.pixels(Array(0..<samples), context), recording: false, context)
    let preparation = training.costs(.cached, batchSize: 10).preparation(samples: samples)
    #expect(preparation.flops == Int(context.matrixProductFLOPs))
    let vision = training.count("vision_") + training.count("visual_")
    #expect(preparation.peakBytes == Int(context.peakBytes) + 4 * vision)
  }
}
