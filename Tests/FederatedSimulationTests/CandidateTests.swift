import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Fleet
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// The server's estimates of a device before selection match the device's task.
struct CandidateTests {
  private static let text = TimelineTests.text
    .replacing("methods:", with: "training: none\nmethods:")

  private func simulation(_ overrides: String...) throws -> Simulation {
    let experiment = try Experiment(ScenarioText.scenario(Self.text, overrides))
    let (settings, adapted) = experiment.methods[0]
    return Simulation(
      experiment, settings, adapted, SimulationParts(experiment, settings, adapted), backend: nil,
      recorder: TaskList())
  }

  private func candidates(_ simulation: Simulation, draw: Int = 1) -> [Candidate] {
    let request = SelectionRequest(size: 2, round: 1, draw: draw)
    return (0..<2).map { Candidate(id: $0, simulation: simulation, request: request, time: .zero) }
  }

  /// The two devices' classes, fast first.
  private func ids(_ simulation: Simulation) -> (fast: Int, slow: Int) {
    let isFast = simulation.experiment.fleet.profile(of: 0).className == "fast"
    return isFast ? (0, 1) : (1, 0)
  }

  @Test func `the estimated duration of a task equals its actual duration`() throws {
    let simulation = try simulation()
    let (fast, slow) = ids(simulation)
    let estimates = candidates(simulation).map(\.estimatedSeconds)
    #expect(abs(estimates[fast] - 1.394976) < 1e-9 && abs(estimates[slow] - 4.466961526) < 1e-9)
    #expect(candidates(simulation).allSatisfy { $0.fitsMemory })
    #expect(candidates(simulation).map(\.samples) == [10, 10])
  }

  @Test func `the estimate includes a pending base download`() throws {
    // The base has about 3.4 MB, which takes the fast device some seconds at 8 Mbit/s.
    let simulation = try simulation("fleet.base_download=once")
    let (fast, _) = ids(simulation)
    let before = candidates(simulation)[fast].estimatedSeconds
    simulation.state.based.insert(fast)
    let after = candidates(simulation)[fast].estimatedSeconds
    #expect(abs(after - 1.394976) < 1e-9)
    let base = Double(4 * simulation.experiment.model.parameterCount)
    #expect(abs(before - after - base * 8 / 8e6) < 1e-6)
  }

  @Test
  func `with a short deadline, resource selection prefers devices that already have the base`()
    throws
  {
    let simulation = try simulation(
      "fleet.base_download=once", "server.selection={kind: resources, within: 5 s}")
    let (fast, slow) = ids(simulation)
    func chosen() -> [Int] {
      simulation.select(
        SelectionRequest(size: 2, round: 1), excluding: ExcludedDevices(), at: .zero
      ).devices
    }
    // Without the base 1.4 s and 4.5 s; it takes the slow device longer than half a second, and the fast one
    // longer than 3.6 s if it has more than 3.6 MB.
    #expect(!chosen().contains(slow))
    simulation.state.based = [slow]
    #expect(chosen().contains(slow))
    simulation.state.based = [fast, slow]
    #expect(chosen() == [0, 1])
  }

  @Test func `the first task's estimate includes a cached plan's preparation`() throws {
    let simulation = try simulation("fleet.execution_plan=cached")
    let (fast, _) = ids(simulation)
    let before = candidates(simulation)[fast].estimatedSeconds
    simulation.state.prepared.insert(fast)
    #expect(candidates(simulation)[fast].estimatedSeconds < before)
  }

  @Test func `the estimate uses the jitter of the same task`() throws {
    let simulation = try simulation(
      "fleet.classes.fast.jitter=2 s", "fleet.classes.slow.jitter=2 s")
    for draw in 1...5 {
      let estimates = candidates(simulation, draw: draw).map(\.estimatedSeconds)
      for id in 0..<2 {
        let profile = simulation.experiment.fleet.profile(of: id)
        let need = simulation.planner.need(of: profile)
        let task = simulation.timeline(of: profile, need, taskSeed: draw, cohort: 2, at: .zero)
        #expect(estimates[id] == task.duration.seconds)
      }
    }
    #expect(
      candidates(simulation, draw: 1)[0].estimatedSeconds
        != candidates(simulation, draw: 2)[0].estimatedSeconds)
  }
}

/// Records the rows of tasks and versions.
final class TaskList: SimulationRecorder {
  private(set) var tasks: [TaskRecord] = []
  private(set) var rounds: [RoundRecord] = []

  var keepsTasks: Bool { true }
  func record(_ task: TaskRecord) { tasks.append(task) }
  func record(_ edge: EdgeRecord) {}

  func record(_ round: RoundRecord) { rounds.append(round) }
  func record(_ clients: [ClientRecord]) {}
  func testing(_ done: Int, of count: Int) {}
  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) {}
}
