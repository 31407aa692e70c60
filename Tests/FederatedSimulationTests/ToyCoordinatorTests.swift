import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Gives the devices tasks in turn, with limited concurrency, and makes a version of every K updates of any age.
private struct EveryK: Coordinator {
  let updates: Int
  let tasks: Int
  let devices: Int
  private var received = 0
  private var started = 0

  init(updates: Int, tasks: Int, devices: Int) {
    self.updates = updates
    self.tasks = tasks
    self.devices = devices
  }

  var overlapsTasks: Bool { true }

  func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome? { nil }

  mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) throws {
    try fill(server, at: time)
  }

  mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    try fill(server, at: time)
  }

  mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    if end.outcome == .completed { received += 1 }
    if received == updates {
      received = 0
      try server.makeVersion(at: time)
    }
    if !server.isFinished { try fill(server, at: time) }
  }

  private mutating func fill(_ server: any CoordinatedServer, at time: SimulationTime) throws {
    var asked = 0
    while server.tasksInFlight < tasks, asked < devices {
      let device = started % devices
      (asked, started) = (asked + 1, started + 1)
      if server.busyDevices.contains(device) { continue }
      _ = try server.start([device], taskSeed: started, at: time)
    }
    if server.tasksInFlight == 0 {
      _ = server.set(Alarm(kind: 0), at: time + .seconds(1))
    }
  }
}

/// A custom coordinator in a complete run.
struct ToyCoordinatorTests {
  private static let devices = 5

  private func experiment(_ overrides: String...) throws -> Experiment {
    try Experiment(
      ScenarioText.scenario(
        CostSumTests.text, ["fleet.devices=\(Self.devices)", "server.rounds=6"] + overrides))
  }

  private func parts(updates: Int, tasks: Int) -> (Experiment) -> SimulationParts {
    { experiment in
      let adapted = experiment.methods[0].adapted
      let parameters =
        experiment.scenario.isTimingOnly
        ? [] : adapted.method.initialParameters(of: experiment.model, seed: 3)
      return SimulationParts(
        algorithm: FedBuff(parameters: parameters, count: adapted.method.trainable.count),
        coordinator: EveryK(updates: updates, tasks: tasks, devices: Self.devices))
    }
  }

  @Test func `devices get tasks in turn, and every K updates make a version`() throws {
    let run = try PartsRun(experiment(), parts: parts(updates: 4, tasks: 1))
    let clients = run.tasks.map { Int($0["client"]!)! }
    #expect(clients == clients.indices.map { $0 % Self.devices })
    // One at a time: each task begins when the previous one has ended.
    for (task, next) in zip(run.tasks, run.tasks.dropFirst()) {
      #expect(next["start_s"] == task["end_s"])
    }
    #expect(run.rounds.map { $0["round"]! } == (0...6).map(String.init))
    #expect(run.rounds.dropFirst().allSatisfy { $0["completed"] == "4" })
    #expect(run.simulation.remark == nil)
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
  }

  @Test func `updates of any age count`() throws {
    let run = try PartsRun(
      experiment("server.upload=1 Mbps"), parts: parts(updates: 2, tasks: 4))
    #expect(run.rounds.map { $0["round"]! } == (0...6).map(String.init))
    let completed = run.tasks.filter { $0["outcome"] == "completed" }
    #expect(completed.count == 12)
    // Version v combines updates 2 v - 1 and 2 v, some of which are based on an older version.
    let ages = completed.enumerated().map { $0.offset / 2 + 1 - Int($0.element["round"]!)! }
    #expect(ages.contains { $0 > 0 } && ages.allSatisfy { $0 >= 0 })
    #expect(run.simulation.engine.state.tasks.isEmpty)
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
  }

  @Test func `it waits for devices that are offline`() throws {
    let run = try PartsRun(
      experiment("fleet.availability={kind: sessions, every: 30 s, length: 5 s}"),
      parts: parts(updates: 3, tasks: 2))
    #expect(run.rounds.last!["round"] == "6")
    #expect(run.tasks.contains { $0["outcome"] == "unavailable" })
    CostSums(rounds: run.rounds, tasks: run.tasks).check()
  }

  @Test(arguments: ["timing", "train"])
  func `a stopped run of it resumes from its checkpoint`(mode: String) throws {
    let experiment = try experiment(
      "training={mode: \(mode), batch_size: 10, learning_rate: 1.0e-3}",
      "fleet.availability={kind: sessions, every: 20 s, length: 8 s}", "server.download=4 Mbps")
    let parts = parts(updates: 3, tasks: 3)
    let whole = try PartsRun(experiment, parts: parts)
    let interrupted = try PartsRun(experiment, stoppingEvery: 7, parts: parts)
    #expect(interrupted.resumptions >= 3)
    #expect(interrupted.tables == whole.tables)
    #expect(
      interrupted.simulation.algorithm.version.parameters
        == whole.simulation.algorithm.version.parameters)
    #expect(whole.simulation.algorithm.version.parameters.isEmpty == (mode == "timing"))
    if mode == "train" { #expect(whole.rounds[0]["test_loss"] != whole.rounds[6]["test_loss"]) }
  }
}
