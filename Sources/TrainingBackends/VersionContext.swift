import Adaptation
import Federation
import Tensors

/// What trains and tests clients' models of one version.
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

  /// The version's pass of the prompts, which its test and its clients' first steps read; a worker makes it when it
  /// is first asked for.
  func pass(on pool: WorkerPool) -> PendingResult<PromptPass> {
    if let pass { return pass }
    let pass = pool.submit { [trainer, parameters] _ in trainer.pass(version: parameters) }
    self.pass = pass
    return pass
  }
}
