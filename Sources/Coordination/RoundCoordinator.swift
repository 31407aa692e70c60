import DeviceTasks
import EventSimulation
import Federation

/// Synchronous rounds: the server selects a cohort, waits for it, and creates a version.
package struct RoundCoordinator: Coordinator {
  package struct Rules: Codable, Sendable {
    /// The number of devices selected per round.
    package var selected: Int
    /// The number of updates that end a round; nil to wait for all selected devices.
    package var awaited: Int?
    /// The maximum duration of a round; nil for no limit.
    package var deadline: SimulationDuration?
    /// Whether only the deadline ends a round.
    package var endsAtDeadline: Bool
    /// Whether updates that arrive after their round count.
    package var keepsLateUpdates: Bool
    /// The delay before the server retries if all its devices had insufficient charge or did not
    /// match its selection.
    package var retryAfter: SimulationDuration

    package init(
      selected: Int, awaited: Int?, deadline: SimulationDuration?, endsAtDeadline: Bool,
      keepsLateUpdates: Bool, retryAfter: SimulationDuration
    ) {
      self.selected = selected
      self.awaited = awaited
      self.deadline = deadline
      self.endsAtDeadline = endsAtDeadline
      self.keepsLateUpdates = keepsLateUpdates
      self.retryAfter = retryAfter
    }
  }

  private let rules: Rules
  /// The number of the version in progress.
  private var number = 1
  /// Whether devices have been selected and the round waits only for them.
  private var isUnderWay = false
  /// The number of this round's tasks in flight.
  private var open = 0
  /// The number of this round's updates that have arrived.
  private var arrived = 0
  private var deadline: EventHandle?
  /// Whether no device could be selected because all had tasks in flight.
  private var waitsForDevices = false
  /// The number of consecutive selections without a suitable device.
  private var inVain = 0
  /// The total number of such selections, which seeds the next draw.
  private var repeats = 0

  /// The kinds of alarms, which carry the round's number.
  private enum Kind: UInt8 {
    case start
    /// The first device of a fully offline cohort is online, or may have sufficient charge again.
    case cohortReturned
    case deadline
  }

  package init(_ rules: Rules) { self.rules = rules }

  package var overlapsTasks: Bool {
    rules.deadline != nil || rules.awaited ?? .max < rules.selected
  }

  package func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome? {
    rules.keepsLateUpdates || base == current ? nil : .late
  }

  package func isTooLong(_ duration: SimulationDuration) -> Bool {
    rules.deadline.map { !rules.keepsLateUpdates && duration > $0 } ?? false
  }

  // MARK: Events

  package mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) {
    wake(.start, server, at: time)
  }

  package mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    switch Kind(rawValue: alarm.kind)! {
    case .start: try start(alarm.number, server, at: time)
    case .cohortReturned:
      guard alarm.number == number else { return }
      isUnderWay = true
      try settle(server, at: time)
    case .deadline:
      deadline = nil
      try finish(server, at: time)
    }
  }

  package mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    if end.baseVersion + 1 == number {
      open -= 1
      if end.outcome == .completed { arrived += 1 }
    }
    try settle(server, at: time)
  }

  // MARK: Rounds

  private mutating func start(
    _ round: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    (number, isUnderWay, open, arrived) = (round, false, 0, 0)
    (deadline, waitsForDevices) = (nil, false)
    let choice = server.select(
      SelectionRequest(
        size: rules.selected, round: round, draw: inVain > 0 ? -repeats : round),
      excluding: ExcludedDevices(server.busyDevices), at: time)
    if choice.foundNoneSuitable, server.tasksInFlight == 0 {
      (inVain, repeats) = (inVain + 1, repeats + 1)
      if try server.givesUp(afterInVain: inVain, at: time) { return }
      return wake(.start, server, at: time + rules.retryAfter)
    }
    inVain = 0
    if choice.devices.isEmpty, let firstReturn = choice.firstReturn {
      return wake(.start, server, at: firstReturn)
    }
    deadline = rules.deadline.map {
      server.set(Alarm(kind: Kind.deadline.rawValue, number: round), at: time + $0)
    }
    var firstReturn: SimulationTime?
    var lackCharge = false
    for admission in try server.start(choice.devices, taskSeed: round, at: time) {
      switch admission {
      case .started: open += 1
      case .offline(let back): firstReturn = [firstReturn, back].compactMap { $0 }.min()
      case .insufficientCharge: lackCharge = true
      case .insufficientMemory: break
      }
    }
    if choice.devices.isEmpty, server.tasksInFlight > 0, !choice.isBinding {
      waitsForDevices = true
    } else if open == 0, let firstReturn {
      wake(.cohortReturned, server, at: firstReturn)
    } else if open == 0, !server.hasEligibleDevice(at: time) {
      cancelDeadline(server)
      try server.giveUp(.noEligibleDevice, at: time)
    } else if open == 0, lackCharge {
      wake(.cohortReturned, server, at: time + rules.retryAfter)
    } else {
      isUnderWay = true
      try settle(server, at: time)
    }
  }

  /// Ends the round if there is nothing left to wait for.
  private mutating func settle(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    if waitsForDevices {
      cancelDeadline(server)
      wake(.start, server, at: time)
      waitsForDevices = false
    } else if isUnderWay, !rules.endsAtDeadline,
      open == 0 || arrived >= rules.awaited ?? .max
    {
      cancelDeadline(server)
      try finish(server, at: time)
    }
  }

  private mutating func finish(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    isUnderWay = false
    waitsForDevices = false
    try server.makeVersion(at: time)
    guard !server.isFinished else { return }
    number += 1
    wake(.start, server, at: time)
  }

  private func wake(_ kind: Kind, _ server: any CoordinatedServer, at time: SimulationTime) {
    _ = server.set(Alarm(kind: kind.rawValue, number: number), at: time)
  }

  private mutating func cancelDeadline(_ server: any CoordinatedServer) {
    if let deadline { server.cancel(deadline) }
    deadline = nil
  }
}
