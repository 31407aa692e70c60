import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation
@testable import Federation

/// Rules with clients that train for real.
struct LoRATrainingTests {
  private static func sizes(_ rule: LoRARule) -> [LoRASize] {
    (rule.takesAnyRank ? [1, 2, 2] : [2, 2, 2]).map { LoRASize(rank: $0, alpha: 4) }
  }

  @Test(arguments: LoRARule.allCases)
  func `two rounds of training lower the test loss`(rule: LoRARule) throws {
    let federation = try TrainedFederation()
    var algorithm = rule.algorithm(federation.start)
    let trainer = federation.trainer(
      federation.lora, Optimizer(learningRate: 1e-2, weightDecay: 0))
    var losses = [federation.loss(algorithm)]
    for _ in 1...2 {
      federation.round(&algorithm, Self.sizes(rule), trainer, steps: 10)
      losses.append(federation.loss(algorithm))
    }
    #expect(losses[2] < 0.98 * losses[0], "\(losses)")
  }

  @Test(arguments: [LoRARule.ffa, .rolora, .fedSB])
  func `weight decay does not affect frozen parts`(rule: LoRARule) throws {
    let federation = try TrainedFederation()
    var algorithm = rule.algorithm(federation.start)
    let trainer = federation.trainer(
      federation.lora, Optimizer(learningRate: 1e-2, weightDecay: 0.5))
    for _ in 1...3 {
      let before = algorithm
      let part = federation.method(before.model(nil, from: before.version)).part
      func isChanged(_ part: LoRAPart) -> Bool {
        algorithm.numbers(of: part, in: algorithm.version)
          != before.numbers(of: part, in: before.version)
      }
      federation.round(&algorithm, Self.sizes(rule), trainer, steps: 4)
      #expect(isChanged(part))
      if part != .a { #expect(!isChanged(.a)) }
      if part != .b { #expect(!isChanged(.b)) }
    }
  }

  /// A version's values: nonzero factors, a core if the rule has one, and changed weights.
  private struct Numbers {
    let shape: LoRAShape
    var factors: [Float]
    var core: [Float]
    var merged: [Float]

    init(_ rule: LoRARule, _ federation: TrainedFederation) {
      let algorithm = rule.algorithm(federation.start)
      let start = algorithm.factors(of: algorithm.version, algorithm.lora.size)
      shape = algorithm.shape
      factors = zip(start, randomNumbers(start.count, seed: 1, scale: 0.1)).map { $0 + $1 }
      core =
        rule == .fedSB
        ? randomNumbers(shape.count(of: .core, rank: 2), seed: 2, scale: 0.5) : []
      merged = randomNumbers(shape.layers.reduce(0) { $0 + $1.count }, seed: 3, scale: 0.02)
    }

    func numbers(of part: LoRAPart) -> [Float] {
      part == .core ? core : shape.numbers(of: part, in: factors, rank: 2)
    }

    /// With the core multiplied into B.
    var folded: Self {
      var folded = self
      for layer in shape.layers.indices {
        let b = shape.range(of: .b, layer, rank: 2).lowerBound
        let r = Array(core[shape.ownRange(of: .core, layer, rank: 2)])
        for row in 0..<shape.layers[layer].outputs {
          for column in 0..<2 {
            folded.factors[b + 2 * row + column] =
              factors[b + 2 * row] * r[column] + factors[b + 2 * row + 1] * r[2 + column]
          }
        }
      }
      return folded
    }
  }

  private static func method(
    _ part: LoRAPart, _ version: Numbers, _ federation: TrainedFederation
  ) -> PartialLoRA {
    PartialLoRA(
      federation.lora, part: part, factors: version.factors,
      start: part == .core ? version.core : nil, merged: version.merged, of: federation.model)
  }

  @Test(arguments: [LoRAPart.a, .b])
  func `a part is trained as in the whole LoRA`(part: LoRAPart) throws {
    let federation = try TrainedFederation(modules: LinearModule.allCases)
    let version = Numbers(.average, federation)
    let optimizer = Optimizer(kind: .sgd, learningRate: 1e-2, weightDecay: 0.1)
    func change(_ part: LoRAPart) -> [Float] {
      federation.trainer(Self.method(part, version, federation), optimizer).train(
        [ClientTask { [[0, 1, 2, 3]] }], from: version.numbers(of: part), ComputeContext())[0].delta
    }
    let whole = version.shape.numbers(of: part, in: change(.both), rank: 2)
    #expect(relativeError(change(part), whole) < 1e-5)
    #expect(whole.contains { $0 != 0 })
  }

  @Test func `a core's gradient is that of its product with B, propagated through B`() throws {
    let federation = try TrainedFederation(modules: LinearModule.allCases)
    let version = Numbers(.fedSB, federation)
    let core = Self.method(.core, version, federation)
    let gradient = federation.gradient(core, at: version.core)
    // With B' = B R, dR = B^T dB'.
    let folded = version.folded
    let outer = federation.gradient(
      Self.method(.b, folded, federation), at: folded.numbers(of: .b))
    var expected: [Double] = []
    for (index, layer) in version.shape.layers.enumerated() {
      let b = version.factors[version.shape.range(of: .b, index, rank: 2)].map(Double.init)
      let d = outer[version.shape.ownRange(of: .b, index, rank: 2)].map(Double.init)
      for i in 0..<2 {
        for j in 0..<2 {
          expected.append((0..<layer.outputs).reduce(0) { $0 + b[2 * $1 + i] * d[2 * $1 + j] })
        }
      }
    }
    #expect(relativeError(gradient, expected) < 1e-4)
  }

  @Test func `the loss changes along a core's gradient as predicted`() throws {
    let federation = try TrainedFederation(modules: [.query, .output, .contraction])
    let version = Numbers(.fedSB, federation)
    let method = Self.method(.core, version, federation)
    let gradient = federation.gradient(method, at: version.core)
    let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    func difference(_ step: Double) -> Double {
      let losses = [step, -step].map { step in
        federation.loss(
          method, at: zip(version.core, gradient).map { $0 + Float(step) * $1 })
      }
      return (losses[0] - losses[1]) / (2 * step)
    }
    let step = 5e-3 / square
    let slope = (4 * difference(step) - difference(2 * step)) / 3
    #expect(abs(slope - square) < 2e-3 * square)
  }

  @Test(arguments: LoRAPart.allCases)
  func `changed weights are read by packed, stacked and replaced trainers alike`(
    part: LoRAPart
  ) throws {
    let federation = try TrainedFederation(modules: [.output, .expansion])
    let version = Numbers(.fedSB, federation)
    let method = Self.method(part, version, federation)
    let start = version.numbers(of: part)
    let optimizer = Optimizer(kind: .sgd, learningRate: 1e-2, weightDecay: 0)
    func change(_ trainer: ClientTrainer, clients: Int = 1, pass: Bool = false) -> [Float] {
      let task = ClientTask { [[0, 1, 2, 3], [4, 5]] }
      return trainer.train(
        .init(repeating: task, count: clients), from: start,
        pass: pass ? trainer.pass(version: start) : nil, ComputeContext())[clients - 1].delta
    }
    let naive = change(
      federation.trainer(method, optimizer, ExactSavings.all.subtracting(.packedWeights)))
    let replaced = federation.trainer(federation.lora, optimizer).replacingMethod(by: method)
    #expect(relativeError(change(federation.trainer(method, optimizer)), naive) < 1e-4)
    #expect(relativeError(change(replaced), naive) < 1e-4)
    #expect(relativeError(change(replaced, pass: true), naive) < 1e-4)
    #expect(relativeError(change(replaced, clients: 3), naive) < 1e-4)
    // Without the merged change the results differ.
    var plain = version
    plain.merged = []
    let other = change(federation.trainer(Self.method(part, plain, federation), optimizer))
    #expect(relativeError(other, naive) > 1e-3)
  }

  @Test func `a plain LoRA and LoRAPart.both train to the same bits`() throws {
    let federation = try TrainedFederation()
    let algorithm = LoRARule.average.algorithm(federation.start)
    let method = federation.method(algorithm.model(nil, from: algorithm.version))
    func change(_ method: any AdaptationMethod) -> [Float] {
      federation.trainer(method, Optimizer(learningRate: 1e-2)).train(
        [ClientTask { [[0, 1, 2, 3], [4, 5]] }],
        from: method.initialParameters(of: federation.model, seed: 3), ComputeContext())[0].delta
    }
    #expect(change(method) == change(federation.lora))
  }

  @Test(arguments: LoRAPart.allCases)
  func `a device holds frozen factors as untrained parameters`(part: LoRAPart) throws {
    let federation = try TrainedFederation(modules: [.expansion])
    let version = Numbers(.fedSB, federation)
    let method = Self.method(part, version, federation)
    let shape = version.shape
    let frozen: Int
    switch part {
    case .both: frozen = 0
    case .a: frozen = shape.count(of: .b, rank: 2)
    case .b: frozen = shape.count(of: .a, rank: 2)
    case .core: frozen = shape.count(of: .both, rank: 2)
    }
    #expect(method.constantCount == frozen)
    #expect(method.trainable.count == version.numbers(of: part).count)
  }

  @Test(arguments: [LoRAPart.b, .core])
  func `a step that trains less computes less and keeps no unneeded inputs`(part: LoRAPart) throws {
    let federation = try TrainedFederation(modules: LinearModule.allCases)
    let version = Numbers(.fedSB, federation)
    func step(_ part: LoRAPart) -> TracedCost {
      CostModel(
        AdaptedModel(federation.model, Self.method(part, version, federation)), LocalTraining(),
        prompts: federation.prompts, plan: .reference
      ).step(StepShape(images: 4, classes: []))
    }
    #expect(step(.b).flops < step(.both).flops)
    #expect(step(part).peakBytes < step(.both).peakBytes)
  }
}
