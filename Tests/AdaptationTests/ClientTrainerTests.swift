import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// A client's task compared with the equivalent loop.
struct ClientTrainerTests {
  private static let optimizer = Optimizer(learningRate: 1e-3)
  private static let batches = [[0, 3, 7, 2], [9, 1, 4, 8], [6, 5]]

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `a task equals the loop over its batches`(method: TinyMethod, loss: Loss) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let result = training.trainer(LocalTraining(loss: loss, optimizer: Self.optimizer)).train(
      from: start, batches: Self.batches, ComputeContext())
    let (parameters, losses) = loop(training, loss, start, onPixels: training.adapted.trainsVision)
    #expect(relativeError(zip(start, result.delta).map { $0 + $1 }, parameters) < 1e-6)
    #expect(result.delta.contains { $0 != 0 })
    #expect(result.steps == 3)
    let mean = (4 * losses[0] + 4 * losses[1] + 2 * losses[2]) / 10
    #expect(abs(result.meanLoss - mean) < 1e-6 * mean)
    #expect(result.memory == nil)
  }

  @Test(arguments: [TinyMethod.textLoRA, .classifier, .gate, .bottleneck, .prompt], Loss.allCases)
  func `training on a frozen tower's features equals training on pixels`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let result = training.trainer(LocalTraining(loss: loss, optimizer: Self.optimizer)).train(
      from: start, batches: Self.batches, ComputeContext())
    let (parameters, _) = loop(training, loss, start, onPixels: true)
    #expect(relativeError(zip(start, result.delta).map { $0 + $1 }, parameters) < 1e-5)
  }

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `training lowers the training loss`(method: TinyMethod, loss: Loss) throws {
    let training = try TinyTraining(method)
    let optimizer = Optimizer(learningRate: 1e-2, weightDecay: 0)
    let trainer = training.trainer(LocalTraining(loss: loss, optimizer: optimizer))
    let batch = [[Int]](repeating: Array(0..<8), count: 30)
    let result = trainer.train(from: training.start, batches: batch, ComputeContext())
    let before = training.loss(at: training.start, loss)
    let end = zip(training.start, result.delta).map { $0 + $1 }
    #expect(training.loss(at: end, loss) < 0.9 * before)
  }

  @Test(arguments: TinyMethod.allCases)
  func `a reused context gives the same bits`(method: TinyMethod) throws {
    let training = try TinyTraining(method)
    let trainer = training.trainer(LocalTraining(optimizer: Self.optimizer))
    let start = training.movedStart
    let context = ComputeContext()
    let results = (0..<3).map { _ in trainer.train(from: start, batches: Self.batches, context) }
    #expect(results[1].delta == results[0].delta)
    #expect(results[2].delta == results[0].delta)
    #expect(results[2].meanLoss == results[0].meanLoss)
  }

  @Test(arguments: TinyMethod.allCases)
  func `repeated steps allocate no additional memory`(method: TinyMethod) throws {
    let trainer = try TinyTraining(method).trainer(LocalTraining(optimizer: Self.optimizer))
    let start = try TinyTraining(method).movedStart
    let context = ComputeContext()
    func allocations(steps: Int) -> Int {
      let batches = [[Int]](repeating: Self.batches[0], count: steps)
      _ = trainer.train(from: start, batches: batches, context)
      return context.allocations
    }
    let first = allocations(steps: 1)
    #expect(first > 0)
    #expect(allocations(steps: 20) == first)
    #expect(context.liveBytes == 0)
  }

  @Test(arguments: [Optimizer.Kind.adam, .adamw])
  func `two tasks with a persistent optimizer equal one task with all batches`(
    kind: Optimizer.Kind
  ) throws {
    let training = try TinyTraining(.textLoRA)
    let optimizer = Optimizer(kind: kind, learningRate: 1e-3)
    let start = training.movedStart
    func tasks(_ tasks: [[[Int]]], _ state: LocalTraining.OptimizerState) -> [Float] {
      let trainer = training.trainer(
        LocalTraining(optimizer: optimizer, optimizerState: state))
      var parameters = start
      var memory: OptimizerMemory?
      for batches in tasks {
        let result = trainer.train(
          from: parameters, batches: batches, memory: memory, ComputeContext())
        parameters = zip(parameters, result.delta).map { $0 + $1 }
        memory = result.memory
      }
      return parameters
    }
    let parts = [Array(Self.batches[..<2]), Array(Self.batches[2...])]
    let whole = tasks([Self.batches], .persistent)
    // The server adds a rounded difference between the tasks, so the last bits may differ.
    #expect(relativeError(tasks(parts, .persistent), whole) < 1e-6)
    #expect(relativeError(tasks(parts, .fresh), whole) > 1e-4)
  }

  /// The parameters after one step per batch, and the loss before each step.
  private func loop(
    _ training: TinyTraining, _ loss: Loss, _ start: [Float], onPixels: Bool
  ) -> (parameters: [Float], losses: [Double]) {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(for: Self.optimizer, parameters: start.count, context)
    let step = training.adapted.step(training.adapted.table(parameters, gradient: gradient), loss)
    let losses = Self.batches.map { batch in
      context.clear(gradient.base, count: gradient.count)
      let (classes, targets) = training.targets(of: batch, loss)
      let value = step.run(
        images: onPixels
          ? .pixels(training.images.pixels(batch, context))
          : training.adapted.input(batch, training.images, training.features, context),
        prompts: .texts(training.prompts.texts.selecting(classes)), targets: targets, context)
      Self.optimizer.step(parameters, gradient: gradient, &state, context)
      return value
    }
    return (parameters.elements, losses)
  }
}
