import Coordination
import Federation
import Fleet
import Tensors
import TrainingBackends

/// The state of a simulation besides its engine, coordinator and algorithm.
struct SimulationState: Codable, Sendable {
  /// The number of the current version.
  var version = 0
  /// Whether the last version has been created, or the run was aborted.
  var isFinished = false
  /// Why the run was aborted before its last version; nil if it was not.
  var giveUp: GiveUpReason?
  /// The number of updates received for the next version.
  var updates = 0
  /// The number of versions without any update.
  var emptyVersions = 0
  /// The result of the last tested version.
  var lastTest: TestResult?
  /// The clients' results in their last test.
  var lastClientTest: Simulation.ClientTestResult?
  /// The number of used updates of each client, if clients are tested.
  var clientUpdates: [Int: Int] = [:]
  var selection: ClientSelection
  /// The edges' states, by index; empty without a topology.
  var edges: [EdgeState] = []
  /// The versions that tasks in flight started from, if the run trains.
  var versions = VersionStore()
  /// The last version that each client downloaded, if its download depends on it.
  var lastVersions: [Int: Int] = [:]
  /// Devices that have computed the features that their plan caches.
  var prepared: Set<Int> = []
  /// Devices that have downloaded the base, if they do so once.
  var based: Set<Int> = []
  /// The clients' persistent optimizer states, per part of a LoRA that they train alternately.
  var optimizerMemories: [Int: [TrainedPart?: Kept<OptimizerMemory>]] = [:]
  /// Training results of tasks in flight whose clients have already stored state from them, by
  /// task.
  var trained: [Int: TrainingResult] = [:]
  /// The clients' error feedback.
  var errorFeedback: [Int: Kept<ErrorFeedback>] = [:]
  /// The accountant for the versions' privacy; nil without privacy.
  var accountant: RenyiAccountant?

  struct TestResult: Codable, Sendable {
    let version: Int
    let accuracy: Double?
    let loss: Double?
    let baseAccuracy: Double?
    let novelAccuracy: Double?
  }
}
