import Coordination
import Federation
import Fleet
import Tensors
import TrainingBackends

/// What a simulation remembers beside its engine, its coordinator and its algorithm, as values.
struct SimulationState: Codable, Sendable {
  /// The number of the current version.
  var version = 0
  /// Whether the last version has been made, or the run was given up.
  var isFinished = false
  /// Why the run ended before its last version; nil where it did not.
  var giveUp: GiveUpReason?
  /// Updates that have gone into the next version.
  var updates = 0
  /// Versions that no update went into.
  var emptyVersions = 0
  /// How the version that was tested last did.
  var lastTest: TestResult?
  /// How the clients did that were tested last.
  var lastClientTest: Simulation.ClientTestResult?
  /// How many updates of each client have been used, where clients are tested.
  var clientUpdates: [Int: Int] = [:]
  var selection: ClientSelection
  /// Those between the server and the devices, by their numbers; empty without a topology.
  var edges: [EdgeState] = []
  /// What tasks in flight started from, where something is trained.
  var versions = VersionStore()
  /// The number of the version that each client had last, where that decides what it downloads.
  var lastVersions: [Int: Int] = [:]
  /// Devices that have computed what their plan keeps.
  var prepared: Set<Int> = []
  /// Devices that have downloaded the base, where they do that once.
  var based: Set<Int> = []
  /// What clients keep of their optimizers, for each part of a LoRA that they train by turns.
  var optimizerMemories: [Int: [TrainedPart?: Kept<OptimizerMemory>]] = [:]
  /// What tasks in flight have trained whose clients have kept something of it, by task.
  var trained: [Int: TrainingResult] = [:]
  /// What clients keep of what their codec has dropped.
  var errorFeedback: [Int: Kept<ErrorFeedback>] = [:]
  /// The privacy that the versions have cost; nil where there is none to account for.
  var accountant: RenyiAccountant?

  struct TestResult: Codable, Sendable {
    let version: Int
    let accuracy: Double?
    let loss: Double?
    let baseAccuracy: Double?
    let novelAccuracy: Double?
  }
}
