import BaseModels
import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Each exact saving compared with its naive version: equal losses and gradients to 1 in 100,000.
struct ExactSavingsTests {
  private static let savings: [ExactSavings] = [
    .keptImageFeatures, .distinctPrompts, .cutTexts, .sharedPrefixes, .frozenStart,
    .prunedLastBlock, .sharedFirstPass, .stackedClients, .packedWeights, .all,
  ]
  /// Batches of several clients with different classes, sizes and numbers of steps.
  private static let clients = [
    [[0, 3, 7, 2], [9, 1, 4, 8], [6, 5]], [[2, 3, 9], [8, 1]], [[1, 5, 6, 2, 7], [0, 4], [3]],
    [[4, 1]],
  ]

  @Test(arguments: TinyMethod.allCases, savings)
  func `a step without a saving has the same loss and gradient`(
    method: TinyMethod, saving: ExactSavings
  ) throws {
    for loss in Loss.allCases {
      let training = try TinyTraining(method)
      let first = Self.clients.map { [$0[0]] }
      let fast = gradients(training, loss, first, .all)
      let naive = gradients(training, loss, first, ExactSavings.all.subtracting(saving))
      for (fast, naive) in zip(fast, naive) {
        #expect(abs(fast.meanLoss - naive.meanLoss) < 1e-5 * naive.meanLoss)
        #expect(relativeError(fast.delta, naive.delta) < 1e-5)
        #expect(naive.delta.contains { $0 != 0 })
      }
    }
  }

  @Test(arguments: savings)
  func `clients end with the same parameters as without the saving`(saving: ExactSavings) throws {
    let training = try TinyTraining(.textLoRA)
    let local = LocalTraining(optimizer: Optimizer(learningRate: 1e-3))
    let fast = train(training, local, Self.clients, .all)
    let naive = train(training, local, Self.clients, ExactSavings.all.subtracting(saving))
    for (fast, naive) in zip(fast, naive) {
      #expect(fast.steps == naive.steps)
      #expect(abs(fast.meanLoss - naive.meanLoss) < 1e-5 * naive.meanLoss)
      let start = training.movedStart
      let ends = [fast, naive].map { zip(start, $0.delta).map { $0 + $1 } }
      #expect(relativeError(ends[0], ends[1]) < 1e-5)
    }
  }

  /// The bundled base's widths are multiples of a panel; the tiny model's are not.
  @Test(arguments: [TinyMethod.textLoRA, .prompt], Loss.allCases)
  func `with packed weights a step has the same loss and gradient`(
    method: TinyMethod, loss: Loss
  ) throws {
    let base = try BaseModel("nano", relativeTo: Fixtures.directory)
    let training = try TinyTraining(
      method, base.model,
      prompts: ["a photo of a bag.", "a photo of a shirt.", "a sandal"].map(base.tokens))
    let first = Self.clients.map { [$0[0]] }
    let packed = gradients(training, loss, first, .all)
    let naive = gradients(training, loss, first, ExactSavings.all.subtracting(.packedWeights))
    // One client's terms cancel to a hundredth of the others' gradients, but round like the terms.
    let scale = naive.flatMap(\.delta).map { Double(abs($0)) }.max()
    for (packed, naive) in zip(packed, naive) {
      #expect(abs(packed.meanLoss - naive.meanLoss) < 1e-5 * naive.meanLoss)
      #expect(relativeError(packed.delta, naive.delta.map(Double.init), scale: scale) < 1e-5)
    }
  }

  @Test func `omitting the gradients of frozen weights changes no other gradient`()
    throws
  {
    let training = try TinyTraining(.textLoRA)
    let start = training.movedStart
    let context = ComputeContext()
    let vector = context.matrix(1, start.count, copying: start)
    func gradient(_ change: (inout ParameterTable) -> Void) -> [Float] {
      let gradient = context.matrix(1, start.count, zeroed: true)
      var table = training.adapted.table(vector, gradient: gradient)
      change(&table)
      _ = training.run(table, .contrastive, context)
      return gradient.elements
    }
    let spare = context.matrix(1, training.model.parameterCount, zeroed: true)
    let all = gradient { table in
      table.gradients = training.model.parameters.layout.entries.map { spare.base + $0.offset }
    }
    #expect(relativeError(gradient { _ in }, all) < 1e-5)
    #expect(spare.elements.contains { $0 != 0 })
  }

  @Test func `only clients that differ in low-rank text tower updates are stacked`() throws {
    let counts = try TinyMethod.allCases.map {
      try TinyTraining($0).trainer(LocalTraining(), .all.subtracting(.packedWeights))
        .groupCount(clients: 10, workers: 1)
    }
    #expect(counts == [1] + Array(repeating: 10, count: TinyMethod.allCases.count - 1))
    let alone = try TinyTraining(.textLoRA).trainer(
      LocalTraining(), ExactSavings.all.subtracting(.stackedClients))
    #expect(alone.groupCount(clients: 10, workers: 1) == 10)
  }

  #if !canImport(Accelerate)
    @Test func `the bits of a client's result do not depend on the clients that train with it`()
      throws
    {
      let training = try TinyTraining(.textLoRA)
      for savings in [ExactSavings.all, .all.subtracting(.packedWeights)] {
        let trainer = training.trainer(LocalTraining(), savings)
        let start = training.movedStart
        let pass = trainer.pass(version: start)
        func train(_ clients: [[[Int]]]) -> [[Float]] {
          trainer.train(
            clients.map { batches in ClientTask { batches } }, from: start, pass: pass,
            ComputeContext()
          ).map(\.delta)
        }
        let alone = Self.clients.flatMap { train([$0]) }
        #expect(train(Self.clients) == alone)
        #expect(train(Self.clients.reversed()) == alone.reversed())
        #expect(trainer.groupCount(clients: 10, workers: 1) == 1)
        #expect(trainer.groupCount(clients: 10, workers: 4) == 4)
        #expect(trainer.groupCount(clients: 10, workers: 64) == 10)
      }
    }
  #endif

  /// Gradients, as the deltas of one gradient descent step that is large relative to the parameters.
  private func gradients(
    _ training: TinyTraining, _ loss: Loss, _ clients: [[[Int]]], _ savings: ExactSavings
  ) -> [ClientTrainer.Result] {
    let optimizer = Optimizer(kind: .sgd, learningRate: 1e3, weightDecay: 0)
    return train(training, LocalTraining(loss: loss, optimizer: optimizer), clients, savings)
  }

  /// The results of all clients, trained as in a simulation.
  private func train(
    _ training: TinyTraining, _ local: LocalTraining, _ clients: [[[Int]]], _ savings: ExactSavings
  ) -> [ClientTrainer.Result] {
    let trainer = training.trainer(local, savings)
    let start = training.movedStart
    let pass = trainer.pass(version: start)
    let tasks = clients.map { batches in ClientTask { batches } }
    let count = trainer.groupCount(clients: tasks.count, workers: 1)
    return tasks.split(into: count).flatMap {
      trainer.train($0, from: start, pass: pass, ComputeContext())
    }
  }
}
