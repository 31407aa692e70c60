import DeviceTasks
import EventSimulation
import Federation
import Fleet

/// A device as seen by the server before selection; its properties are computed on demand.
struct Candidate: SelectionCandidate {
  let id: Int
  let simulation: Simulation
  let request: SelectionRequest
  let time: SimulationTime

  var samples: Int { simulation.experiment.shards.count(of: id) }

  private var profile: DeviceProfile { simulation.experiment.fleet.profile(of: id) }

  var deviceClass: Int { profile.classIndex }

  var fitsMemory: Bool {
    let profile = profile
    return simulation.planner.need(of: profile).peak <= profile.memory
  }

  /// For the task that would actually run, without contention or interruption.
  var estimatedSeconds: Double {
    let profile = profile
    return simulation.timeline(
      of: profile, simulation.planner.need(of: profile), taskSeed: request.draw,
      cohort: request.size, at: time
    ).duration.seconds
  }
}
