import Adaptation

/// The training and testing that a timing-only run does without.
struct Learning {
  let trainer: ClientTrainer
  let evaluator: Evaluator
  /// What workers compute for tasks in flight; it can be computed again from the state.
  var pending: [Int: PendingTask] = [:]
  /// The current version's pass of the prompts, which its evaluation and its clients' first steps read.
  private var pass: PromptPass?

  init(_ experiment: Experiment, _ training: LocalTraining, _ adapted: AdaptedModel) {
    trainer = ClientTrainer(
      adapted, training, images: experiment.images, features: experiment.features,
      prompts: experiment.prompts)
    evaluator = Evaluator(adapted, images: experiment.images, features: experiment.features)
  }

  mutating func pass(of version: [Float]) -> PromptPass {
    let current = pass ?? trainer.pass(version: version)
    pass = current
    return current
  }

  /// Tells that there is another version now.
  mutating func versionChanged() { pass = nil }
}
