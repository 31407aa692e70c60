import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Gradients and twenty Adam steps compared with PyTorch's on small random CLIPs of many shapes.
struct ArchitectureTests {
  @Test(arguments: RandomArchitecture.all, ["lora_text", "lora_vision", "full"])
  func `the contrastive loss and its gradients match PyTorch's`(
    architecture: RandomArchitecture, setting: String
  ) throws {
    let training = try ReferenceTraining(architecture, setting)
    let prefix = setting == "full" ? "" : "\(setting)."
    let (loss, gradient) = try training.step()
    let expectedLoss = try training.reference["\(prefix)contrastive.loss"]
    #expect(relativeError([Float(loss)], expectedLoss) < 1e-5)
    for entry in training.method.trainable.entries {
      let expected = try training.reference["\(prefix)contrastive.grad.\(entry.name)"]
      if entry.name.hasSuffix("k_proj.bias") {
        // Zero except for rounding: softmax is invariant to what all keys share.
        #expect(gradient[entry.range].allSatisfy { abs($0) < 1e-6 }, "\(entry.name)")
      } else {
        #expect(relativeError(gradient[entry.range], expected) < 1e-4, "\(entry.name)")
      }
    }
  }

  @Test(arguments: RandomArchitecture.all, ["lora_text", "lora_vision", "full"])
  func `the losses of twenty Adam steps match PyTorch's`(
    architecture: RandomArchitecture, setting: String
  ) throws {
    let training = try ReferenceTraining(architecture, setting)
    let losses = try training.losses(Optimizer(kind: .adam, learningRate: 1e-3))
    let expected = try training.reference["steps.\(setting).losses"]
    #expect(losses.count == 20)
    #expect(relativeError(losses, expected) < 1e-3)
    let moved = try #require(zip(expected, expected.dropFirst()).map { abs($0 - $1) }.max())
    #expect(moved > 0.01, "the losses move by far more than they may differ")
  }
}
