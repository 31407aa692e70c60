import Adaptation
import Tensors

/// What a worker is still computing for one task, together with the tasks of its group.
struct PendingTask {
  /// A group at work.
  final class Group {
    let plan: TrainingGroup
    let results: PendingResult<[ClientTrainer.Result]>

    init(_ plan: TrainingGroup, _ results: PendingResult<[ClientTrainer.Result]>) {
      self.plan = plan
      self.results = results
    }
  }

  let group: Group
  /// The task's place in the group.
  let index: Int

  /// The task's result; waits for the worker where it is not there yet.
  func wait() -> ClientTrainer.Result { group.results.wait()[index] }
}
