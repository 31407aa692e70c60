import DeviceTasks
import EventSimulation
import Federation
import Fleet

/// Works out what a client's task asks of its device, and how long it takes where nothing disturbs it.
struct TaskPlanner {
  let experiment: Experiment
  let costs: TaskCosts
  let connection: Connection

  /// What a task carries each way beside the base.
  struct Traffic {
    let download: ByteCount
    let upload: ByteCount
  }

  func need(of profile: DeviceProfile) -> TaskNeed {
    costs.need(of: profile.id, inClass: profile.classIndex, memory: profile.memory)
  }

  /// - Parameters:
  ///   - taskSeed: tells the task from the client's others.
  ///   - preparing: whether the device still has to compute what its plan keeps.
  ///   - base: what of the base comes with the download.
  func timeline(
    of profile: DeviceProfile, _ need: TaskNeed, _ traffic: Traffic, taskSeed: Int,
    at time: SimulationTime, preparing: Bool, base: ByteCount
  ) -> TaskTimeline {
    let training = costs.training(
      of: profile.id, need, round: taskSeed, preparing: preparing)
    return TaskTimeline(
      profile: profile, start: time,
      work: TaskWork(
        download: traffic.download + base,
        training: FLOPCount(training.flops),
        upload: traffic.upload),
      links: connection.links(of: profile, task: taskSeed),
      stall: training.stall(
        profile.compute, profile.memoryBandwidth, overhead: profile.kernelOverhead))
  }
}
