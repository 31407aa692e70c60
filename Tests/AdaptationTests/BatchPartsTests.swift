import CLIP
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Steps whose batch is computed in parts, compared with the whole batch at once.
struct BatchPartsTests {
  private static let batches = [[0, 3, 7, 2, 5], [9, 1, 4, 8, 6], [6, 5]]

  private struct Setting {
    var method: TinyMethod
    var loss = Loss.contrastive
    var parts = 3
    var techniques = TrainingTechniques()
    var savings = ExactSavings.all
    var batches = BatchPartsTests.batches
    // Steps along the gradient, so that gradient differences are visible at full size.
    var optimizer = Optimizer(kind: .sgd, learningRate: 0.1, weightDecay: 0)
    // The tiny model has few prompts; each is a part.
    var leastPromptRows = 1
  }

  /// - Parameter workers: how many of them may help; 0 for none.
  private func trained(
    _ setting: Setting, workers: Int = 0, passes: Bool = false,
    _ contexts: PartContexts = PartContexts(), _ context: ComputeContext = ComputeContext()
  ) throws -> ClientTrainer.Result {
    let training = try TinyTraining(setting.method)
    let trainer = ClientTrainer(
      training.adapted,
      LocalTraining(
        loss: setting.loss, optimizer: setting.optimizer, techniques: setting.techniques,
        batchParts: setting.parts),
      images: training.images, features: training.features, prompts: training.prompts,
      savings: setting.savings, partContexts: contexts,
      leastPromptRows: setting.leastPromptRows)
    let start = training.movedStart
    let pass = passes ? trainer.pass(version: start) : nil
    let train = { (context: ComputeContext) in
      trainer.train(
        [ClientTask { [batches = setting.batches] in batches }], from: start, pass: pass, context
      )[0]
    }
    guard workers > 0 else { return train(context) }
    nonisolated(unsafe) let work = train
    let pool = WorkerPool(workers: workers)
    return pool.submit { context in
      LongVectors.$helpers.withValue(pool) { work(context) }
    }.wait()
  }

  private static let techniques = [
    TrainingTechniques(), TrainingTechniques(precision: .bfloat16),
    TrainingTechniques(checkpointing: .blocks, microBatch: 1),
  ]

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `parts give identical bits for any number of workers`(
    method: TinyMethod, loss: Loss
  ) throws {
    for techniques in Self.techniques {
      let setting = Setting(
        method: method, loss: loss, techniques: techniques,
        optimizer: Optimizer(learningRate: 1e-3))
      let alone = try trained(setting)
      #expect(alone.delta.contains { $0 != 0 })
      for workers in [1, 2, 4] {
        let helped = try trained(setting, workers: workers)
        #expect(helped.delta == alone.delta)
        #expect(helped.meanLoss == alone.meanLoss)
      }
    }
  }

  /// A weight's gradient is a sum over at most 5 images of 17 tokens, or 15 tokens of prompts. Two
  /// orders of 85 terms differ by at most 2 * 85 * 2^-24 = 1.0e-5 of the terms' sum.
  @Test(arguments: TinyMethod.allCases, [2, 3, 8])
  func `parts give the whole batch's gradient`(method: TinyMethod, parts: Int) throws {
    for loss in Loss.allCases {
      for savings in [ExactSavings.all, []] {
        for batch in [[0, 3, 7, 2, 5], [0, 3]] {
          var setting = Setting(
            method: method, loss: loss, parts: 1, savings: savings, batches: [batch])
          let whole = try trained(setting)
          setting.parts = parts
          let split = try trained(setting)
          #expect(relativeError(split.delta, whole.delta) < 1e-5)
          #expect(abs(split.meanLoss - whole.meanLoss) < 1e-5 * abs(whole.meanLoss))
        }
      }
    }
  }

  @Test(arguments: [TinyMethod.full, .visionClassifier, .norms, .textLoRA])
  func `parts are really computed apart`(method: TinyMethod) throws {
    let whole = try trained(Setting(method: method, parts: 1))
    #expect(try trained(Setting(method: method)).delta != whole.delta)
  }

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `a single part has the bits of a step without parts`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let whole = context.matrix(1, start.count, zeroed: true)
    let part = context.matrix(1, start.count)
    let value = training.run(training.adapted.table(parameters, gradient: whole), loss, context)
    let parts = StepParts(addingTo: part, StepParts.contexts(parts: 1), context)
    let samples = Array(training.images.dataset.labels.indices)
    let other = parts.run(
      [training.adapted.step(training.adapted.table(parameters, gradient: part), loss)],
      images: [{ .pixels(training.images.pixels(samples, $0)) }],
      prompts: training.adapted.readsPrompts ? [{ _ in .texts(training.prompts.texts) }] : [],
      targets: training.labels(of: samples).map(Int32.init))
    #expect(other == value)
    #expect(part.elements == whole.elements)
  }

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `recomputed activations give the same bits`(method: TinyMethod, loss: Loss) throws {
    var setting = Setting(method: method, loss: loss)
    let kept = try trained(setting)
    setting.techniques.checkpointing = .blocks
    #expect(try trained(setting).delta == kept.delta)
  }

  /// Parts of two or three images, in micro-batches of one.
  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `micro-batches within parts give the whole batch's gradient`(
    method: TinyMethod, loss: Loss
  ) throws {
    var setting = Setting(method: method, loss: loss, parts: 1, batches: [Self.batches[0]])
    let whole = try trained(setting)
    setting.parts = 2
    setting.techniques.microBatch = 1
    #expect(relativeError(try trained(setting).delta, whole.delta) < 1e-5)
  }

  /// The products' operands are rounded alike, except where a difference of the last bit before
  /// crosses a rounding boundary.
  @Test(arguments: [TinyMethod.full, .visionClassifier, .norms, .textLoRA, .loraOfBoth])
  func `bfloat16 products in parts are as far from float32's as those of the whole batch`(
    method: TinyMethod
  ) throws {
    var setting = Setting(method: method, parts: 1, batches: [Self.batches[0]])
    let exact = try trained(setting)
    setting.techniques.precision = .bfloat16
    let whole = try trained(setting)
    setting.parts = 3
    let split = try trained(setting)
    let rounding = relativeError(whole.delta, exact.delta)
    #expect(rounding > 1e-4)
    #expect(relativeError(split.delta, whole.delta) < 0.5 * rounding)
  }

  @Test(arguments: [TinyMethod.textLoRA, .full, .prompt])
  func `the version's pass of the prompts gives the same first step`(method: TinyMethod) throws {
    let setting = Setting(method: method)
    let own = try trained(setting)
    let shared = try trained(setting, passes: true)
    #expect(relativeError(shared.delta, own.delta) < 1e-5)
    #expect(abs(shared.meanLoss - own.meanLoss) < 1e-6 * own.meanLoss)
  }

  @Test(arguments: TinyMethod.allCases)
  func `repeated steps and clients allocate no additional memory`(method: TinyMethod) throws {
    let contexts = PartContexts()
    let context = ComputeContext()
    func allocations(steps: Int) throws -> Int {
      var setting = Setting(method: method)
      setting.batches = .init(repeating: Self.batches[0], count: steps)
      _ = try trained(setting, contexts, context)
      return contexts.lend(parts: 3) { parts in
        #expect(parts.allSatisfy { $0.liveBytes == 0 })
        return parts.reduce(context.allocations) { $0 + $1.allocations }
      }
    }
    let first = try allocations(steps: 1)
    #expect(try allocations(steps: 20) == first)
    #expect(context.liveBytes == 0)
  }

  /// The estimate assumes every class in the batch, and padded prompts.
  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `the estimate of a worker's memory covers what steps in parts take`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let (contexts, context) = (PartContexts(), ComputeContext())
    _ = try trained(
      Setting(method: method, loss: loss, batches: [Self.batches[0]]), contexts, context)
    let taken = contexts.lend(parts: 3) { $0.reduce(context.peakBytes) { $0 + $1.peakBytes } }
    func estimate(parts: Int) -> Int {
      training.adapted.stepBytes(
        LocalTraining(
          loss: loss, optimizer: Optimizer(kind: .sgd), batchParts: parts), images: 5,
        prompts: training.prompts)
    }
    #expect(estimate(parts: 3) >= Int(taken))
    let trains = training.adapted.trainsVision || training.adapted.trainsText
    #expect((estimate(parts: 3) > estimate(parts: 1)) == trains)
  }

  @Test func `prompts have no part of few rows, and clients with parts are not stacked`() throws {
    let training = try TinyTraining(.textLoRA)
    let rows = training.trainer(LocalTraining()).prompts.all.rows.count
    func trainer(least: Int) -> ClientTrainer {
      ClientTrainer(
        training.adapted, LocalTraining(batchParts: 5), images: training.images,
        features: training.features, prompts: training.prompts,
        savings: .all.subtracting(.packedWeights), leastPromptRows: least)
    }
    #expect([1, rows / 2, rows / 2 + 1].map { trainer(least: $0).parts } == [5, 2, 1])
    #expect(
      [rows / 2, rows / 2 + 1].map { trainer(least: $0).groupCount(clients: 10, workers: 1) }
        == [10, 1])
    var setting = Setting(method: .textLoRA, parts: 1)
    let whole = try trained(setting)
    setting.parts = 5
    setting.leastPromptRows = rows
    #expect(try trained(setting).delta == whole.delta)
  }

  @Test(
    arguments: [
      (1, 2, [0..<1]), (2, 2, [0..<1, 1..<2]), (5, 2, [0..<2, 2..<5]),
      (5, 3, [0..<1, 1..<3, 3..<5]), (2, 4, [0..<1, 1..<2]),
    ])
  func `a batch is split into non-empty parts`(
    count: Int, into parts: Int, ranges: [Range<Int>]
  ) {
    #expect(StepParts.cut(count, into: parts) == ranges)
  }
}
