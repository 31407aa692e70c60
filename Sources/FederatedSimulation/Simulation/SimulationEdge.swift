import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Fleet
import Results
import Scenario

/// An edge's state apart from the algorithm and the coordinator.
struct EdgeState: Codable, Sendable {
  /// The number of versions that it has created.
  var versions = 0
  /// The number of the cloud version that its devices start from, and of the incoming one.
  var cloudVersion = 0
  var arriving = 0
  /// Its devices with tasks in flight.
  var busy: Set<Int> = []
  var selection: ClientSelection
  /// The updates since it sent its version, and those in the version that it is sending.
  var collected = EdgeUpdates()
  var sending = EdgeUpdates()
  /// The number of backhaul transfers started.
  var transfers = 0
  var meter = EdgeMeter()
  /// The row of its work with the cloud's version; nil while it waits.
  var record: EdgeRecord?
  /// When the current phase of that work began.
  var phaseStart = SimulationTime.zero

  init(selection: ClientSelection) { self.selection = selection }
}

/// Updates of an edge's devices that are not yet in a version of the cloud, and what their tasks
/// spent.
struct EdgeUpdates: Codable, Sendable {
  private(set) var count = 0
  private(set) var samples = 0
  private(set) var work = TaskWork.zero
  /// Without the devices whose power consumption is unknown.
  private(set) var energy = Energy.zero

  mutating func add(samples: Int, work: TaskWork, energy: Energy?) {
    count += 1
    self.samples += samples
    self.work = self.work + work
    self.energy += energy ?? .zero
  }
}

/// An edge of a simulation: a server for its devices, connected to the cloud.
final class SimulationEdge: EdgeServer {
  private unowned(unsafe) let simulation: Simulation
  private let number: Int
  /// Its device ids, ascending.
  private let members: [Int]
  private let selector: ClientSelector

  init(_ simulation: Simulation, _ number: Int, _ members: [Int], seed: UInt64) {
    self.simulation = simulation
    self.number = number
    self.members = members
    selector = ClientSelector(population: members.count, seed: seed, group: number)
  }

  private var state: EdgeState {
    _read { yield simulation.state.edges[number] }
    _modify { yield &simulation.state.edges[number] }
  }

  private var topology: TopologySettings { simulation.server.topology! }

  // MARK: Device side

  var versionNumber: Int { state.versions }
  var tasksInFlight: Int { state.busy.count }
  var busyDevices: Set<Int> { state.busy }
  var isFinished: Bool { simulation.isFinished }

  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice {
    var policy = state.selection
    defer { state.selection = policy }
    return simulation.select(
      request, excluding: excluded, from: SelectionPool(selector: selector, members: members),
      by: &policy, at: time)
  }

  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission] {
    let content = simulation.trains ? simulation.tiers.version(at: number) : nil
    let origin = EdgeOrigin(
      edge: number, cloudVersion: state.cloudVersion, content: content?.number ?? 0)
    return try clients.map {
      try simulation.start(
        $0, from: content, origin, baseVersion: state.versions, taskSeed: taskSeed,
        cohort: clients.count, at: time)
    }
  }

  func makeVersion(at time: SimulationTime) throws {
    simulation.tiers.makeVersion(at: number)
    state.versions += 1
    if state.record?.work == nil { state.record?.rounds += 1 }
  }

  func hasEligibleDevice(at time: SimulationTime) -> Bool {
    simulation.hasEligibleDevice(
      among: FleetSurvey.devices(of: members.count).lazy.map { [members] in members[$0] }, at: time)
  }

  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws {
    preconditionFailure("an edge's coordinator sees the tier's view of it")
  }

  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle {
    simulation.set(alarm, at: time)
  }

  func cancel(_ alarm: EventHandle) { simulation.cancel(alarm) }

  // MARK: Cloud side

  var hasBackhaul: Bool { topology.backhaul != nil }

  func beginDownload(at time: SimulationTime) -> SimulationTime? {
    book(at: time)
    simulation.tiers.sendDown(to: number)
    state.arriving = simulation.versionNumber
    state.record = EdgeRecord(round: simulation.versionNumber + 1, edge: number, start: time)
    state.phaseStart = time
    let numbers = simulation.algorithm.numbersDown(nil, last: nil)
    return transfer(numbers, .receiving, at: time)
  }

  func endDownload(at time: SimulationTime) throws {
    book(at: time)
    simulation.tiers.adopt(at: number)
    state.cloudVersion = state.arriving
    state.record?.download = time - state.phaseStart
    state.phaseStart = time
    state.meter.begin(.idle, at: time)
  }

  func beginUpload(at time: SimulationTime) -> SimulationTime? {
    book(at: time)
    simulation.tiers.sendUp(from: number)
    state.record?.work = time - state.phaseStart
    state.record?.updates = state.collected.count
    state.record?.samples = state.collected.samples
    state.phaseStart = time
    (state.sending, state.collected) = (state.collected, EdgeUpdates())
    // An edge without updates sends a message without payload.
    let numbers =
      state.record!.updates > 0 ? simulation.algorithm.numbersUp(nil) : 0
    return transfer(numbers, .sending, at: time)
  }

  func endUpload(isUsed: Bool, staleness: Int, at time: SimulationTime) throws {
    book(at: time)
    state.meter.begin(.idle, at: time)
    state.record?.upload = time - state.phaseStart
    if isUsed {
      simulation.tiers.receive(from: number, staleness: staleness)
      simulation.state.updates += state.sending.count
    } else {
      simulation.ledger.waste(state.sending.work, state.sending.energy)
    }
    state.sending = EdgeUpdates()
    try close(isUsed ? .completed : .stale, at: time)
  }

  func fail(at time: SimulationTime) throws -> [TaskEnd] {
    book(at: time)
    state.meter.begin(.off, at: time)
    simulation.tiers.lose(at: number)
    let ends = try simulation.breakOffTasks(at: time) { $0.edge?.edge == number }
    leavePhase(at: time)
    for lost in [state.sending, state.collected] { simulation.ledger.waste(lost.work, lost.energy) }
    (state.sending, state.collected) = (EdgeUpdates(), EdgeUpdates())
    try close(.failed, at: time)
    return ends
  }

  func restart(at time: SimulationTime) {
    book(at: time)
    state.meter.begin(.idle, at: time)
  }

  func retire(at time: SimulationTime) throws {
    try finish(at: time)
    state.meter.begin(.off, at: time)
  }

  /// Ends its work in its current state.
  func finish(at time: SimulationTime) throws {
    book(at: time)
    leavePhase(at: time)
    try close(.unfinished, at: time)
  }

  /// Books its costs up to an instant.
  func book(at time: SimulationTime) {
    spend(state.meter.book(topology.edge.power, at: time))
  }

  /// - Returns: when the transfer ends; nil if it ends immediately, without a backhaul.
  private func transfer(
    _ numbers: Int, _ activity: EdgeMeter.Activity, at time: SimulationTime
  ) -> SimulationTime? {
    let payload = ByteCount(
      numbers == 0 ? 0 : simulation.transport.bytesDown(of: numbers, cohort: 1))
    state.transfers += 1
    let links = simulation.planner.connection.links(
      of: topology.backhaul ?? .free, edge: number, transfer: state.transfers)
    let link = activity == .receiving ? links.download : links.upload
    state.meter.begin(activity, (link, payload), at: time)
    guard hasBackhaul else {
      spend(state.meter.bookAtOnce())
      state.meter.begin(.idle, at: time)
      return nil
    }
    return time + link.transferDuration(of: payload)
  }

  private func spend(_ spent: EdgeSpending) {
    simulation.ledger.bookEdge(spent)
    state.record?.spent += spent
  }

  private func leavePhase(at time: SimulationTime) {
    guard let record = state.record else { return }
    let span = time - state.phaseStart
    if record.download == nil {
      state.record?.download = span
    } else if record.work == nil {
      state.record?.work = span
      state.record?.updates = state.collected.count
      state.record?.samples = state.collected.samples
    } else if record.upload == nil {
      state.record?.upload = span
    }
  }

  /// Writes the row of its work and clears it.
  private func close(_ outcome: EdgeRecord.Outcome, at time: SimulationTime) throws {
    guard var record = state.record.take() else { return }
    record.outcome = outcome
    record.end = time
    simulation.ledger.endEdge(outcome)
    try simulation.recorder.record(record)
  }
}

extension Backhaul {
  /// A backhaul with zero latency and no effective limit, for which only bytes count.
  fileprivate static let free = Backhaul(
    download: FairShareLink.largestCapacity, upload: FairShareLink.largestCapacity, rtt: .zero)
}

extension Simulation {
  /// The algorithm of a server with edges.
  var tiers: any TieredAlgorithm {
    get {
      guard let tiers = algorithm as? any TieredAlgorithm else {
        preconditionFailure("a topology's algorithm has edges")
      }
      return tiers
    }
    set { algorithm = newValue }
  }
}
