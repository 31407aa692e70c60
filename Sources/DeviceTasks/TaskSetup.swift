import Adaptation
import Federation

/// How a device runs its task of a method.
package struct TaskSetup: Hashable, Codable, Sendable {
  package var plan: ExecutionPlan
  package var batchSize: Int
  /// What it trains of a LoRA whose server has an aggregation rule of its own; nil for other methods.
  package var lora: TrainedPart?

  package init(plan: ExecutionPlan, batchSize: Int, lora: TrainedPart?) {
    self.plan = plan
    self.batchSize = batchSize
    self.lora = lora
  }
}
