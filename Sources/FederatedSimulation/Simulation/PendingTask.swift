import Adaptation
import Tensors

/// What a worker is still computing for one task, together with the tasks of its group.
struct PendingTask {
  let group: PendingResult<[ClientTrainer.Result]>
  /// The task's place in the group.
  let index: Int

  /// The task's result; waits for the worker where it is not there yet.
  func wait() -> ClientTrainer.Result { group.wait()[index] }
}
