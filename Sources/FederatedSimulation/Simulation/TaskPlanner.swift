import DeviceTasks
import EventSimulation
import Federation
import Fleet
import Tensors

/// Computes the requirements of a client's task on its device, and its undisturbed timeline.
struct TaskPlanner {
  let experiment: Experiment
  let costs: TaskCosts
  let connection: Connection

  /// A task's traffic in both directions, excluding the base.
  struct Traffic {
    let download: ByteCount
    let upload: ByteCount
  }

  func need(of profile: DeviceProfile) -> TaskNeed {
    costs.need(of: profile.id, inClass: profile.classIndex, memory: profile.memory)
  }

  /// - Parameters:
  ///   - taskSeed: distinguishes the task from the client's others.
  ///   - preparing: whether the device still has to compute the features that its plan caches.
  ///   - base: the bytes of the base included in the download.
  func timeline(
    of profile: DeviceProfile, _ need: TaskNeed, _ traffic: Traffic, taskSeed: Int,
    at time: SimulationTime, preparing: Bool, base: ByteCount
  ) -> TaskTimeline {
    let rate = profile.rate(need.setup.techniques.precision)
    let training = costs.training(
      of: profile.id, need, round: taskSeed, preparing: preparing)
    return TaskTimeline(
      profile: profile, start: time,
      work: TaskWork(
        download: traffic.download + base,
        training: FLOPCount(training.flops),
        upload: traffic.upload),
      links: connection.links(of: profile, task: taskSeed),
      rate: rate,
      stall: training.stall(
        rate, profile.memoryBandwidth, overhead: profile.kernelOverhead))
  }
}

extension DeviceProfile {
  /// The rate of matrix products in a precision.
  func rate(_ precision: Precision) -> ComputeRate {
    switch precision {
    case .float32: compute
    case .bfloat16: bfloat16Compute ?? compute
    }
  }
}
