import DeviceTasks
import EventSimulation
import Federation

/// An asynchronous server: it keeps `concurrency` tasks in flight, and creates a version from every
/// `buffer` updates (FedBuff: Nguyen et al., arXiv 2106.06639; with a buffer of 1, FedAsync: Xie et
/// al., arXiv 1903.03934).
package struct BufferedCoordinator: Coordinator {
  package struct Rules: Codable, Sendable {
    /// The number of tasks in flight.
    package var concurrency: Int
    /// The number of updates per version.
    package var buffer: Int
    /// The maximum staleness in versions, after which an update is discarded; nil for no limit.
    package var mostStale: Int?
    /// The delay before the server retries if its devices had insufficient charge or did not match
    /// its selection.
    package var retryAfter: SimulationDuration

    package init(
      concurrency: Int, buffer: Int, mostStale: Int?, retryAfter: SimulationDuration
    ) {
      self.concurrency = concurrency
      self.buffer = buffer
      self.mostStale = mostStale
      self.retryAfter = retryAfter
    }
  }

  private let rules: Rules
  /// The number of updates since the last version.
  private var received = 0
  /// The number of consecutive updates that are NaN or infinite.
  private var rejectedInARow = 0
  /// The number of consecutive tasks without an update, usable or not.
  private var lostInARow = 0
  /// The number of consecutive selections without a suitable device while no task was in flight.
  private var inVain = 0
  /// The number of selections so far, which seeds repeated selections at the same version.
  private var selections = 0
  /// Devices with insufficient memory, which are not selected again.
  private var unfit: Set<Int> = []
  /// The single instant of the next search for devices.
  private var vacancy: Vacancy?

  private struct Vacancy: Codable, Sendable {
    let event: EventHandle
    let time: SimulationTime
  }

  package init(_ rules: Rules) {
    precondition(rules.buffer > 0 && rules.concurrency > 0, "a buffer holds at least one update")
    self.rules = rules
  }

  package var overlapsTasks: Bool { true }

  package func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome? {
    current - base > rules.mostStale ?? .max ? .stale : nil
  }

  // MARK: Events

  package mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) {
    lookForDevices(server, at: time)
  }

  package mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    vacancy = nil
    try fill(server, at: time)
  }

  package mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    switch end.outcome {
    case .completed:
      (rejectedInARow, lostInARow) = (0, 0)
      received += 1
      if received == rules.buffer {
        received = 0
        try server.makeVersion(at: time)
      }
    case .rejected:
      (rejectedInARow, lostInARow) = (rejectedInARow + 1, 0)
      if rejectedInARow >= mostRejected {
        // This version never leads to a usable update.
        return try server.giveUp(.onlyRejectedUpdates, at: time)
      }
    default:
      lostInARow += 1
      if lostInARow >= mostLost { return try server.giveUp(.onlyLostTasks, at: time) }
    }
    if !server.isFinished { try fill(server, at: time) }
  }

  package mutating func updatesLost() { received = 0 }

  /// The number of rejected updates after which the server aborts: several per device.
  private var mostRejected: Int { max(100, 10 * rules.concurrency) }

  /// The number of lost tasks after which the server aborts: if devices drop out of 999 of 1,000
  /// tasks, one run in 20,000 reaches it.
  private var mostLost: Int { max(10_000, 10 * rules.concurrency) }

  // MARK: Vacancies

  /// Starts tasks until `concurrency` is reached or no devices are left to try.
  private mutating func fill(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    var asked: Set<Int> = []
    var next: SimulationTime?
    var lackCharge = false
    func consider(_ instant: SimulationTime?) { next = [next, instant].compactMap { $0 }.min() }
    while server.tasksInFlight < rules.concurrency {
      selections += 1
      let choice = server.select(
        SelectionRequest(
          size: rules.concurrency - server.tasksInFlight, round: server.versionNumber + 1,
          draw: selections, isStream: true),
        excluding: ExcludedDevices(server.busyDevices, unfit, asked), at: time)
      if choice.foundNoneSuitable, asked.isEmpty, server.tasksInFlight == 0 {
        inVain += 1
        if try server.givesUp(afterInVain: inVain, at: time) { return }
        return lookForDevices(server, at: time + rules.retryAfter)
      }
      inVain = 0
      consider(choice.firstReturn)
      if choice.devices.isEmpty { break }
      asked.formUnion(choice.devices)
      let admissions = try server.start(choice.devices, taskSeed: selections, at: time)
      for (client, admission) in zip(choice.devices, admissions) {
        switch admission {
        case .started: break
        case .offline(let back): consider(back)
        case .insufficientMemory: unfit.insert(client)
        case .insufficientCharge:
          lackCharge = true
          consider(time + rules.retryAfter)
        }
      }
      if asked.count >= Self.mostAsked {
        consider(time + rules.retryAfter)
        break
      }
    }
    guard server.tasksInFlight < rules.concurrency else { return }
    let isIdle = server.tasksInFlight == 0
    if let next, !(isIdle && lackCharge) || server.hasEligibleDevice(at: time) {
      lookForDevices(server, at: next)
    } else if isIdle {
      try server.giveUp(.noEligibleDevice, at: time)
    }
  }

  /// The maximum number of devices tried at one instant. It is reached only if nearly all have
  /// insufficient memory or charge.
  private static let mostAsked = 10_000

  /// Schedules the next search for devices, unless an earlier one is scheduled.
  private mutating func lookForDevices(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) {
    if let vacancy {
      if vacancy.time <= time { return }
      server.cancel(vacancy.event)
    }
    vacancy = Vacancy(event: server.set(Alarm(kind: 0), at: time), time: time)
  }
}
