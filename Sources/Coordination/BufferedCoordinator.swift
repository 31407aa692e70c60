import DeviceTasks
import EventSimulation
import Federation

/// An asynchronous server: it keeps so many tasks in flight, and makes a version of every so many updates that come
/// (FedBuff: Nguyen et al., arXiv 2106.06639; of each one with a buffer of 1, FedAsync: Xie et al., arXiv 1903.03934).
package struct BufferedCoordinator: Coordinator {
  package struct Rules: Codable, Sendable {
    /// Tasks in flight.
    package var concurrency: Int
    /// Updates that make a version.
    package var buffer: Int
    /// Versions after which an update is discarded; nil for none.
    package var mostStale: Int?
    /// When a server asks again whose devices lacked the charge, or were not what its selection looks for.
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
  /// Updates since the last version.
  private var received = 0
  /// Updates with numbers that are NaN or infinite, one after the other without a usable one between.
  private var rejectedInARow = 0
  /// Tasks in a row of which no update came, usable or not.
  private var lostInARow = 0
  /// Selections in a row that found nobody suitable while no task was in flight.
  private var inVain = 0
  /// Selections so far, by which one that comes at the same version draws anew.
  private var selections = 0
  /// Devices that were found to have insufficient memory, and are asked no more.
  private var unfit: Set<Int> = []
  /// The one instant at which it looks for devices again.
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
        // From such a version no usable update will ever come.
        return try server.giveUp(.onlyRejectedUpdates, at: time)
      }
    default:
      lostInARow += 1
      if lostInARow >= mostLost { return try server.giveUp(.onlyLostTasks, at: time) }
    }
    if !server.isFinished { try fill(server, at: time) }
  }

  package mutating func updatesLost() { received = 0 }

  /// After so many the server gives up: each of its devices has had several attempts.
  private var mostRejected: Int { max(100, 10 * rules.concurrency) }

  /// After so many the server gives up: of devices that lose 999 of 1,000 tasks, one run in 20,000 does.
  private var mostLost: Int { max(10_000, 10 * rules.concurrency) }

  // MARK: Vacancies

  /// Starts tasks until there are as many as there may be, or nobody is left to ask.
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

  /// Devices that are asked at one instant, of which nearly all must lack the memory or the charge.
  private static let mostAsked = 10_000

  /// Looks for devices at an instant, unless that is done earlier.
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
