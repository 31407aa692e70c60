import DeviceTasks
import Tensors
import TrainingBackends

/// Tasks that are trained together, with everything needed to train them again.
struct TrainingGroup: Codable, Sendable {
  /// A task that is in flight, or was when the group started. All stay members as long as one of
  /// the group is in flight, because products with another number of rows may round differently.
  struct Member: Codable, Sendable {
    let id: Int
    let client: Int
    let taskSeed: Int
    let setup: TaskSetup
  }

  /// The id of the parameters that all members start from.
  let content: Int
  let members: [Member]
}

/// The backend's pending result for one task, computed together with its group.
struct PendingTask {
  /// A group that is being trained.
  final class Group {
    let plan: TrainingGroup
    let results: PendingResult<[TrainingResult]>

    init(_ plan: TrainingGroup, _ results: PendingResult<[TrainingResult]>) {
      self.plan = plan
      self.results = results
    }
  }

  let group: Group
  /// The task's index in the group.
  let index: Int

  /// The task's result; waits for the backend if necessary.
  func wait() -> TrainingResult { group.results.wait()[index] }
}
