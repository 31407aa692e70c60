import Adaptation
import ArgumentParser
import CLIP
import Tensors

/// Memory and time saving techniques for a step, with the keys of a scenario's `training`.
struct TechniqueArguments: ParsableArguments {
  @Option(help: "Precision of matrix products: float32 or bfloat16.")
  var precision = Precision.float32

  @Option(help: "Precision of frozen weights: float32, bfloat16, int8 or nf4.")
  var basePrecision = BasePrecision.float32

  @Option(help: "Activation checkpointing: none or blocks.")
  var checkpointing = TrainingTechniques.Checkpointing.none

  @Option(help: "Images per micro-batch. (default: the whole batch)")
  var microBatch: Int?

  func validate() throws {
    if let microBatch, !(1...1_000_000).contains(microBatch) {
      throw ValidationError("--micro-batch takes a whole number from 1 to 1000000.")
    }
  }

  var techniques: TrainingTechniques {
    TrainingTechniques(
      precision: precision, basePrecision: basePrecision, checkpointing: checkpointing,
      microBatch: microBatch)
  }
}

extension Precision: ExpressibleByArgument {}
extension BasePrecision: ExpressibleByArgument {}
extension TrainingTechniques.Checkpointing: ExpressibleByArgument {}
