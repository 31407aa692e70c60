import Adaptation
import Federation

/// How a device executes its task of a method.
package struct TaskSetup: Hashable, Codable, Sendable {
  package var plan: ExecutionPlan
  package var batchSize: Int
  package var techniques: TrainingTechniques
  /// The trained part of a LoRA with an aggregation rule; nil for other methods.
  package var lora: TrainedPart?

  package init(
    plan: ExecutionPlan, batchSize: Int, techniques: TrainingTechniques = TrainingTechniques(),
    lora: TrainedPart?
  ) {
    self.plan = plan
    self.batchSize = batchSize
    self.techniques = techniques
    self.lora = lora
  }
}

extension TaskSetup {
  /// The differences from the setup requested by the scenario, in the scenario's notation:
  /// `plan=cached`, `batch=8`.
  package func changes(from asked: TaskSetup) -> [String] {
    var words: [String] = []
    if plan != asked.plan { words.append("plan=\(plan.rawValue)") }
    if batchSize != asked.batchSize { words.append("batch=\(batchSize)") }
    if let rank = lora?.size.rank, rank != asked.lora?.size.rank { words.append("rank=\(rank)") }
    return words + techniques.words(beside: asked.techniques)
  }
}
