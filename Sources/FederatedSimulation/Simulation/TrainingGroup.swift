import DeviceTasks
import Tensors
import TrainingBackends

/// Tasks that are trained together, by what it takes to train them again.
struct TrainingGroup: Codable, Sendable {
  /// A task that is in flight, or was when the group began: as long as one of the group is, all are members,
  /// because products with more rows may round otherwise.
  struct Member: Codable, Sendable {
    let id: Int
    let client: Int
    let taskSeed: Int
    let setup: TaskSetup
  }

  /// The number of the parameters that all of them start from.
  let content: Int
  let members: [Member]
}

/// What a backend is still computing for one task, together with the tasks of its group.
struct PendingTask {
  /// A group at work.
  final class Group {
    let plan: TrainingGroup
    let results: PendingResult<[TrainingResult]>

    init(_ plan: TrainingGroup, _ results: PendingResult<[TrainingResult]>) {
      self.plan = plan
      self.results = results
    }
  }

  let group: Group
  /// The task's place in the group.
  let index: Int

  /// The task's result; waits for the backend where it is not there yet.
  func wait() -> TrainingResult { group.results.wait()[index] }
}
