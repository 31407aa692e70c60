import Coordination
import DeviceTasks
import EventSimulation
import Federation

/// A server whose selections and admissions a test scripts, and whose alarms and tasks it advances manually.
final class ScriptedServer: CoordinatedServer {
  struct Task: Equatable {
    let device: Int
    let baseVersion: Int
    let seed: Int
  }

  var coordinator: any Coordinator
  private(set) var tasks: [Task] = []
  private(set) var requests: [SelectionRequest] = []
  private(set) var versions: [SimulationTime] = []
  private(set) var reason: GiveUpReason?
  private(set) var alarms = EventSchedule<Alarm>()
  private(set) var now = SimulationTime.zero
  private let lastVersion: Int

  /// By default, the first of ten devices that are not excluded.
  var choose = first(of: 10)
  /// Why a device cannot take a task; by default nothing.
  var refusal: (Int) -> TaskAdmission? = { _ in nil }
  var hasEligibleDevice = true

  init(_ coordinator: any Coordinator, lastVersion: Int = 100) {
    self.coordinator = coordinator
    self.lastVersion = lastVersion
  }

  /// Selects the first devices that are not excluded, out of `population`.
  static func first(of count: Int) -> (SelectionRequest, ExcludedDevices) -> DeviceChoice {
    { request, excluded in
      DeviceChoice(
        devices: Array((0..<count).filter { !excluded.contains($0) }.prefix(request.size)))
    }
  }

  // MARK: Coordinator interface

  var versionNumber: Int { versions.count }
  var tasksInFlight: Int { tasks.count }
  var busyDevices: Set<Int> { Set(tasks.map(\.device)) }
  var isFinished: Bool { versionNumber == lastVersion || reason != nil }

  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice {
    requests.append(request)
    return choose(request, excluded)
  }

  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission] {
    clients.map { client in
      if let refusal = refusal(client) { return refusal }
      precondition(!busyDevices.contains(client), "a device has one task at a time")
      tasks.append(Task(device: client, baseVersion: versionNumber, seed: taskSeed))
      return .started(client)
    }
  }

  func makeVersion(at time: SimulationTime) throws { versions.append(time) }

  func hasEligibleDevice(at time: SimulationTime) -> Bool { hasEligibleDevice }

  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws { self.reason = reason }

  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle {
    alarms.scheduleCancellable(alarm, at: time)
  }

  func cancel(_ alarm: EventHandle) { alarms.cancel(alarm) }

  // MARK: Test interface

  private func act(_ body: (inout any Coordinator) throws -> Void) rethrows {
    var coordinator = coordinator
    try body(&coordinator)
    self.coordinator = coordinator
  }

  /// Begins, and processes everything that is due immediately.
  func begin() throws {
    try act { try $0.begin(self, at: .zero) }
    try pass(to: .zero)
  }

  /// Delivers the alarms up to an instant.
  func pass(to time: SimulationTime) throws {
    while !isFinished, let next = alarms.nextTime, next <= time {
      let (time, alarm) = alarms.next()!
      now = max(now, time)
      try act { try $0.alarm(alarm, self, at: time) }
    }
    now = max(now, time)
  }

  /// Ends a device's task at an instant, and processes everything that is due then.
  func end(_ device: Int, _ outcome: TaskOutcome = .completed, at time: SimulationTime) throws {
    try pass(to: time)
    let task = tasks.remove(at: tasks.firstIndex { $0.device == device }!)
    var outcome = outcome
    if outcome == .completed {
      outcome =
        coordinator.rejection(ofUpdateFrom: task.baseVersion, current: versionNumber) ?? outcome
    }
    try act {
      try $0.taskEnded(
        TaskEnd(baseVersion: task.baseVersion, outcome: outcome), self, at: time)
    }
    try pass(to: time)
  }

  var devicesAtWork: [Int] { tasks.map(\.device).sorted() }
}

extension SimulationTime {
  static func seconds(_ count: Int64) -> Self { .zero + .seconds(count) }
}
