import CLIP
import Tensors
import TestSupport

@testable import Adaptation

extension TinyTraining {
  func costs(
    _ plan: ExecutionPlan, loss: Loss = .contrastive, optimizer: Optimizer = Optimizer(),
    batchSize: Int = 4, localEpochs: Int = 1, runtime: DeviceRuntime = .engine
  ) -> CostModel {
    CostModel(
      adapted,
      LocalTraining(
        loss: loss, optimizer: optimizer, batchSize: batchSize, localEpochs: localEpochs),
      prompts: prompts, plan: plan, runtime: runtime)
  }

  /// The tokens of each class's prompt up to its end token, as counted by transformers.
  func promptLengths() throws -> [Int] {
    try Fixtures.reference("tiny").integers("class_lengths")
  }

  /// The number of the model's parameters with one of these prefixes that the method freezes.
  func frozenCount(_ prefixes: [String] = [""]) -> Int {
    let trained = Set(adapted.method.trainable.entries.map(\.name))
    return model.parameters.layout.entries.filter { entry in
      !trained.contains(entry.name) && prefixes.contains { entry.name.hasPrefix($0) }
    }.reduce(0) { $0 + $1.count }
  }

  /// The number of the model's parameters whose names have this prefix.
  func count(_ prefix: String) -> Int {
    model.parameters.layout.entries.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.count }
  }
}
