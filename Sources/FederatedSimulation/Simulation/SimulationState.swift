import EventSimulation
import Federation
import Fleet
import Tensors

/// Everything that a simulation needs in order to go on, as values.
struct SimulationState: Codable, Sendable {
  var schedule = EventSchedule<SimulationEvent>()
  var version: ModelVersion
  var aggregation: Aggregation
  var selection: ClientSelection
  /// The server of a LoRA that has a rule of its own; the version's numbers are then there.
  var lora: LoRAServer?
  /// The number of the version that each client had last, where that decides what it downloads.
  var lastVersions: [Int: Int] = [:]
  var round = RoundState()
  /// Whether the last version has been made, or no other can be.
  var isFinished = false
  /// Selections so far, by which one that comes at the same version draws anew.
  var selections = 0
  var tasks = TaskTable()
  /// The transfers that are going on over a direction of the server's link with a limit, by task.
  var transfers: [Int: SharedTransfer] = [:]
  /// The directions of the server's link that have a limit.
  var links: [TaskPhase: ServerLink] = [:]
  /// Devices at work, where one may still be when the next are selected.
  var busy: Set<Int> = []
  /// Devices that a server without rounds has found to lack the memory, and asks no more.
  var unfit: Set<Int> = []
  /// What tasks in flight started from, where something is trained.
  var shelf = VersionShelf()
  /// Events that have been handled; the start of a task, which comes with its round's, is one too.
  var events = 0
  /// What happened since the last evaluated version.
  var activity = RoundActivity()
  /// What happened since the start.
  var total = RoundActivity()
  /// Versions that no update went into.
  var emptyVersions = 0
  /// Devices that have computed what their plan keeps.
  var prepared: Set<Int> = []
  /// Devices that have downloaded the base, where they do that once.
  var based: Set<Int> = []
  /// What clients keep of their optimizers, for each part of a LoRA that they train by turns.
  var optimizerMemories: [Int: [LoRATask?: OptimizerMemory]] = [:]
  /// What tasks in flight have trained whose clients' optimizers remember, by task.
  var trained: [Int: TrainedUpdate] = [:]
  /// SCAFFOLD's control variates of the clients that have one.
  var controls: [Int: [Float]] = [:]
  /// What clients keep of what their codec has dropped.
  var errorFeedback: [Int: ErrorFeedback] = [:]
  /// The privacy that the rounds have cost; nil where there is none to account for.
  var accountant: RenyiAccountant?
}

/// How far the current round has come, or the current version where there are no rounds.
struct RoundState: Codable, Sendable {
  /// The number of the version that is being made.
  var number = 1
  /// Whether its devices have been selected, and are all that it waits for.
  var isUnderWay = false
  /// Tasks of this round in flight.
  var open = 0
  /// Updates of this round's tasks that have come.
  var arrived = 0
  /// Updates that went into the version.
  var used = 0
  /// Updates with numbers that are not finite, one after the other without a usable one between.
  var rejectedInARow = 0
  /// The event of the deadline.
  var deadline: EventHandle?
  /// Whether nobody could be selected because all were at work.
  var waitsForDevices = false
}
