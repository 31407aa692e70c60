import Adaptation
import Federation
import Tensors

/// The trainer and evaluator for clients' models of one version.
final class VersionContext {
  let trainer: ClientTrainer
  let evaluator: Evaluator
  let version: Int
  private let parameters: [Float]
  private var pass: PendingResult<PromptPass>?

  init(trainer: ClientTrainer, evaluator: Evaluator, _ model: ClientModel) {
    self.trainer = trainer
    self.evaluator = evaluator
    version = model.version
    parameters = model.parameters
  }

  /// The version's pass of the prompts, used by its evaluation and its clients' first steps; a
  /// worker computes it on first use.
  func pass(on pool: WorkerPool) -> PendingResult<PromptPass> {
    if let pass { return pass }
    let pass = pool.submit { [trainer, parameters] _ in trainer.pass(version: parameters) }
    self.pass = pass
    return pass
  }
}
