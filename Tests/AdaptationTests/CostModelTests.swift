import CLIP
import Tensors
import Testing

@testable import Adaptation

/// The cost model compared with operation counts derived by hand.
struct CostModelTests {
  private let shape = StepShape(images: 4, classes: [0, 1, 2])
  /// Four prompts padded to the context of ten tokens.
  private let padded = [10, 10, 10, 10]

  @Test func `a full fine-tuning step costs three forward passes minus the pixel gradient`() throws
  {
    let forward =
      TinyFLOPs.visionForward(4) + TinyFLOPs.textForward(padded) + TinyFLOPs.logits(4, 4)
    let cost = try TinyTraining(.full).costs(.reference).step(shape)
    #expect(cost.flops == 3 * forward - TinyFLOPs.imagePatches(4))
  }

  @Test func `a text LoRA step propagates back only to its lowest factors`() throws {
    let forward =
      TinyFLOPs.visionForward(4) + TinyFLOPs.textForward(padded)
      + TinyFLOPs.updatesForward(padded) + TinyFLOPs.logits(4, 4)
    let backward = TinyFLOPs.logits(4, 4) + TinyFLOPs.updatesBackward(padded)
    let cost = try TinyTraining(.textLoRA).costs(.reference).step(shape)
    #expect(cost.flops == forward + backward)
  }

  @Test func `the cached plan runs distinct unpadded prompts and no frozen tower`() throws {
    let training = try TinyTraining(.textLoRA)
    let lengths = try training.promptLengths()
    let chosen = [lengths[0], lengths[2]]
    let cost = training.costs(.cached).step(StepShape(images: 4, classes: [0, 2]))
    #expect(
      cost.flops
        == TinyFLOPs.textForward(chosen) + TinyFLOPs.updatesForward(chosen)
        + 2 * TinyFLOPs.logits(4, 2) + TinyFLOPs.updatesBackward(chosen))
  }

  @Test func `a task costs the sum of its steps, and its features are computed once`() throws {
    let training = try TinyTraining(.textLoRA)
    let costs = training.costs(.cached, localEpochs: 2)
    let batches = [[0, 2, 1], [1, 1], [2, 0, 1], [1, 1]]
    let steps = batches.map {
      costs.step(StepShape(images: $0.count, classes: Set($0).sorted())).flops
    }
    #expect(costs.training(batches: batches, preparing: false).flops == steps.reduce(0, +))
    #expect(
      costs.training(batches: batches, preparing: true).flops
        == steps.reduce(0, +) + TinyFLOPs.visionForward(5))
    #expect(costs.preparation(samples: 7).flops == TinyFLOPs.visionForward(7))
  }

  @Test func `only the cached plan with a frozen tower has a preparation cost`() throws {
    let batches = [[0, 2], [1]]
    for method in TinyMethod.allCases {
      let costs = try TinyTraining(method).costs(.reference)
      #expect(
        costs.training(batches: batches, preparing: true).flops
          == costs.training(batches: batches, preparing: false).flops)
    }
    for method in [TinyMethod.full, .loraOfBoth, .visionClassifier] {
      #expect(try TinyTraining(method).costs(.cached).preparation(samples: 9).flops == 0)
    }
    let training = try TinyTraining(.visionLoRA)
    #expect(
      training.costs(.cached).preparation(samples: 9).flops
        == TinyFLOPs.textForward(try training.promptLengths()))
  }

  @Test func `a classifier encodes no prompt, and a frozen tower below it has no backward pass`()
    throws
  {
    let training = try TinyTraining(.classifier)
    // Scores, and the weight's gradient.
    let classifier = 2 * TinyFLOPs.logits(4, 3)
    let reference = training.costs(.reference)
    #expect(reference.step(shape).flops == TinyFLOPs.visionForward(4) + classifier)
    let cached = training.costs(.cached)
    #expect(cached.step(shape).flops == classifier)
    #expect(cached.preparation(samples: 9).flops == TinyFLOPs.visionForward(9))
    #expect(!cached.dependsOnLabels)
    // The reference plan runs the whole CLIP; the cached plan never uses the text tower.
    #expect(reference.baseBytes == 4 * training.model.parameterCount)
    #expect(cached.baseBytes == 4 * training.frozenCount(["logit_scale", "vis"]))
  }

  @Test func `the vision model below a classifier is trained without its projection`() throws {
    // Only the projection's own gradient is missing.
    let vision =
      3 * TinyFLOPs.visionForward(4) - TinyFLOPs.imagePatches(4) - 2 * 4 * 32 * 20
    for plan in ExecutionPlan.allCases {
      let cost = try TinyTraining(.visionClassifier).costs(plan).step(shape)
      #expect(cost.flops == vision + 3 * TinyFLOPs.logits(4, 3))
    }
  }

  @Test func `an adapter adds its own products to those of the frozen towers`() throws {
    let gate = 2 * 4 * 20 * 20
    let bottleneck = 2 * 4 * 20 * 5
    for (method, layer) in [(TinyMethod.gate, gate), (.bottleneck, bottleneck)] {
      // Two layers forward, two weight gradients and backward through the second; scores, and
      // the image gradient.
      let adapter = 5 * layer
      let training = try TinyTraining(method)
      #expect(
        training.costs(.reference).step(shape).flops
          == TinyFLOPs.visionForward(4) + TinyFLOPs.textForward(padded)
          + adapter + 2 * TinyFLOPs.logits(4, 4))
      #expect(
        training.costs(.cached).step(StepShape(images: 4, classes: [0, 2])).flops
          == adapter + 2 * TinyFLOPs.logits(4, 2))
    }
  }

  @Test func `a learned context is trained through the whole frozen text tower`()
    throws
  {
    let forward = TinyFLOPs.textForward(padded)
    let cost = try TinyTraining(.prompt).costs(.reference).step(shape)
    // Backward: once through every product with a weight, twice through those of attention.
    #expect(
      cost.flops
        == TinyFLOPs.visionForward(4) + 2 * forward + TinyFLOPs.textAttention(padded)
        + 2 * TinyFLOPs.logits(4, 4))
  }

  @Test func `classification encodes the prompts of all classes`() throws {
    let training = try TinyTraining(.textLoRA)
    let lengths = try training.promptLengths()
    let cost = training.costs(.cached, loss: .classification)
      .training(batches: [[1, 1, 1, 1]], preparing: false).flops
    #expect(
      cost
        == TinyFLOPs.textForward(lengths) + TinyFLOPs.updatesForward(lengths)
        + 2 * TinyFLOPs.logits(4, 3) + TinyFLOPs.updatesBackward(lengths))
  }
}
