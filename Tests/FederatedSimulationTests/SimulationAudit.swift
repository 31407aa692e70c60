import DeviceTasks
import EventSimulation
import Fleet
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Compares a simulation's accounted costs with its tasks' actual ones before each event.
///
/// A run uses it as a stop check, which only triggers if the run seems endless; a single thread does both.
final class SimulationAudit: StopSignal, @unchecked Sendable {
  private static let mostEvents = 20_000
  unowned(unsafe) var simulation: Simulation!
  private(set) var checks = 0
  private(set) var mostInFlight = 0
  /// The accounted costs at the last check, which never decrease.
  private var last = TaskWork.zero
  private var ended = EndedTasks()

  var isRequested: Bool {
    if simulation != nil { check() }
    return checks >= Self.mostEvents
  }

  func listen(_ isListening: Bool) {}
  func answer() {}

  /// Intercepts the rows of tasks and forwards them to another recorder.
  func recorder(_ recorder: MethodRecorder) -> any SimulationRecorder {
    ended = EndedTasks(recorder)
    return ended
  }

  func check() {
    let engine = simulation.engine!
    let time = engine.state.schedule.now
    engine.bookProgress(at: time)
    let inFlight = engine.spentInFlight(at: time).work
    let total = simulation.ledger.total
    let booked = TaskWork(download: total.bytesDown, training: total.flops, upload: total.bytesUp)
    #expect(booked == ended.work + inFlight, "at \(time.decimalSeconds)")
    let ids = engine.state.tasks.ids
    let tasks = ids.map { engine.state.tasks[$0] }
    #expect(tasks.reduce(TaskWork.zero) { $0 + $1.spent } == inFlight)
    let energy = zip(ids, tasks).reduce(ended.energy) { sum, task in
      let knowsPower = engine.state.tasks.plan(of: task.0).profile.power != nil
      return knowsPower ? (sum ?? .zero) + task.1.energy : sum
    }
    #expect(total.energy == energy || total.energy == .zero && energy == nil)
    #expect(total.selected == ended.count + ids.count)
    #expect(
      last.download <= booked.download && last.training <= booked.training
        && last.upload <= booked.upload)
    last = booked
    checks += 1
    mostInFlight = max(mostInFlight, ids.count)
  }
}

/// The sums over the rows of tasks.csv so far.
private final class EndedTasks: SimulationRecorder {
  private let recorder: MethodRecorder?
  private(set) var count = 0
  private(set) var work = TaskWork.zero
  private(set) var energy: Energy?

  init(_ recorder: MethodRecorder? = nil) { self.recorder = recorder }

  var keepsTasks: Bool { true }

  func record(_ task: TaskRecord) throws {
    count += 1
    work = work + TaskWork(download: task.bytesDown, training: task.flops, upload: task.bytesUp)
    if let spent = task.energy { energy = (energy ?? .zero) + spent }
    recorder?.record(task)
  }

  func record(_ edge: EdgeRecord) throws { recorder?.record(edge) }

  func record(_ round: RoundRecord) throws { try recorder?.record(round) }

  func record(_ clients: [ClientRecord]) throws { try recorder?.record(clients) }

  func testing(_ done: Int, of count: Int) { recorder?.testing(done, of: count) }

  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws {
    try recorder?.passed(round: round, at: time, bytes: bytes)
  }
}
