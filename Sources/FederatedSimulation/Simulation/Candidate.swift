import DeviceTasks
import EventSimulation
import Federation
import Fleet

/// A device as the server sees it before it selects; what is asked of it is worked out then.
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

  /// Of the very task that would run, with the server's link to itself and without interruption.
  var estimatedSeconds: Double {
    let profile = profile
    return simulation.timeline(
      of: profile, simulation.planner.need(of: profile), taskSeed: request.draw,
      cohort: request.size, at: time
    ).duration.seconds
  }
}
