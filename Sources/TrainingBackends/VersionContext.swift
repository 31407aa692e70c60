import Adaptation
import Federation

/// What trains and tests clients' models of one version.
final class VersionContext {
  let trainer: ClientTrainer
  let evaluator: Evaluator
  let version: Int
  private let parameters: [Float]
  /// The version's pass of the prompts, which its test and its clients' first steps read.
  private(set) lazy var pass = trainer.pass(version: parameters)

  init(trainer: ClientTrainer, evaluator: Evaluator, _ model: ClientModel) {
    self.trainer = trainer
    self.evaluator = evaluator
    version = model.version
    parameters = model.parameters
  }
}
