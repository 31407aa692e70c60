import Adaptation
import Federation

/// The training and testing that a timing-only run does without.
final class Learning {
  private let experiment: Experiment
  /// Of the method as it is set up; of a LoRA whose server has a rule of its own, the trainers of its
  /// versions are made of this one.
  private let trainer: ClientTrainer
  /// What workers compute for tasks in flight; it can be computed again from the state.
  var pending: [Int: PendingTask] = [:]
  /// Those of the version that was last asked for; by what is trained, for a LoRA as above.
  private var tutors: [LoRATask?: Tutor] = [:]

  /// The groups whose results are still wanted, in the order of their first tasks.
  var groups: [TrainingGroup] {
    var known: Set<ObjectIdentifier> = []
    return pending.sorted { $0.key < $1.key }.compactMap { _, task in
      known.insert(ObjectIdentifier(task.group)).inserted ? task.group.plan : nil
    }
  }

  init(_ experiment: Experiment, _ training: LocalTraining, _ adapted: AdaptedModel) {
    self.experiment = experiment
    trainer = ClientTrainer(
      adapted, training, images: experiment.images, features: experiment.features,
      prompts: experiment.prompts, savings: experiment.savings)
  }

  /// What trains clients of a method that stays the same from version to version.
  func tutor(at version: ModelVersion) -> Tutor {
    if let known = known(nil, version.number) { return known }
    return keep(tutor(trainer, version), nil)
  }

  /// What trains clients of a LoRA at a version of its server.
  func tutor(
    _ task: LoRATask, at version: Int, _ method: () -> PartialLoRA
  ) -> Tutor {
    if let known = known(task, version) { return known }
    return keep(tutor(of: method(), at: version), task)
  }

  /// - Parameter parameters: left out, those that the method starts from.
  func tutor(of method: PartialLoRA, at version: Int, parameters: [Float]? = nil) -> Tutor {
    let trainer = trainer.replacingMethod(by: method)
    return tutor(
      trainer,
      ModelVersion(
        number: version,
        parameters: parameters
          ?? method.initialParameters(of: trainer.adapted.model, seed: experiment.scenario.seed)))
  }

  private func known(_ task: LoRATask?, _ version: Int) -> Tutor? {
    tutors[task].flatMap { $0.version.number == version ? $0 : nil }
  }

  /// Keeps a tutor beside those of its version.
  private func keep(_ tutor: Tutor, _ task: LoRATask?) -> Tutor {
    tutors = tutors.filter { $0.value.version.number == tutor.version.number }
    tutors[task] = tutor
    return tutor
  }

  private func tutor(_ trainer: ClientTrainer, _ version: ModelVersion) -> Tutor {
    Tutor(
      trainer: trainer,
      evaluator: Evaluator(
        trainer.adapted, images: experiment.images, features: experiment.features),
      version: version)
  }
}
