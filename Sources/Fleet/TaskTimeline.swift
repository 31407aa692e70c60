import EventSimulation

/// When one device does what in one task: it downloads, trains and uploads, one after the other.
///
/// A pure value of the device, the start and the work. A phase holds its first instant and not its
/// last: at `downloadEnd` the device trains, and at `uploadEnd` the task is done. An instant beyond
/// 64 bits is `distantFuture`.
package struct TaskTimeline: Hashable, Codable, Sendable {
  package let start: SimulationTime
  package let work: TaskWork
  package let downlink: NetworkLink
  package let compute: ComputeRate
  package let uplink: NetworkLink

  package init(profile: DeviceProfile, start: SimulationTime, work: TaskWork) {
    self.start = start
    self.work = work
    downlink = profile.downlink
    compute = profile.compute
    uplink = profile.uplink
  }

  package var downloadEnd: SimulationTime {
    start + downlink.transferDuration(of: work.download)
  }

  package var trainingEnd: SimulationTime {
    downloadEnd + compute.duration(of: work.training)
  }

  package var uploadEnd: SimulationTime {
    trainingEnd + uplink.transferDuration(of: work.upload)
  }

  /// How long the whole task takes.
  package var duration: SimulationDuration { uploadEnd - start }

  /// What the device does at an instant; nil before the start and from the end on.
  package func phase(at time: SimulationTime) -> TaskPhase? {
    if time < start || time >= uploadEnd { return nil }
    if time < downloadEnd { return .download }
    return time < trainingEnd ? .training : .upload
  }

  /// What the task has moved and computed up to an instant: nothing at its start, `work` at its end,
  /// and in between whole bytes and operations, rounded down.
  package func spent(until time: SimulationTime) -> TaskWork {
    TaskWork(
      download: downlink.bytesMoved(of: work.download, after: time - start),
      training: min(work.training, compute.work(in: max(.zero, time - downloadEnd))),
      upload: uplink.bytesMoved(of: work.upload, after: time - trainingEnd))
  }
}
