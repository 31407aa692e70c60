import EventSimulation

/// The phases of a task without contention or interruptions: download, training and upload in
/// sequence.
///
/// A pure value of the device, the start and the work. A phase includes its first instant and
/// excludes its last: at `downloadEnd` the device is training, and at `uploadEnd` the task is done.
/// An instant beyond 64 bits is `distantFuture`.
package struct TaskTimeline: Hashable, Codable, Sendable {
  package let start: SimulationTime
  package let work: TaskWork
  package let downlink: NetworkLink
  package let compute: TrainingPace
  package let uplink: NetworkLink
  private let downloadTime: SimulationDuration
  private let uploadTime: SimulationDuration

  /// - Parameters:
  ///   - links: fluid links with a latency of one round trip by default.
  ///   - rate: the rate of matrix products; defaults to the device's in float32.
  ///   - stall: the time that the training's kernels take in addition to their operations.
  package init(
    profile: DeviceProfile, start: SimulationTime, work: TaskWork,
    links: TransferLinks? = nil, rate: ComputeRate? = nil, stall: SimulationDuration = .zero
  ) {
    let links = links ?? TransferLinks(profile)
    self.start = start
    self.work = work
    downlink = links.download
    compute = TrainingPace(profile, rate: rate, stall: stall)
    uplink = links.upload
    downloadTime = downlink.transferDuration(of: work.download)
    uploadTime = uplink.transferDuration(of: work.upload)
  }

  package var downloadEnd: SimulationTime { start + duration(of: .download) }

  package var trainingEnd: SimulationTime { downloadEnd + duration(of: .training) }

  package var uploadEnd: SimulationTime { trainingEnd + duration(of: .upload) }

  /// The duration of the task.
  package var duration: SimulationDuration { uploadEnd - start }

  /// The link used by a phase; nil for training.
  package func link(of phase: TaskPhase) -> NetworkLink? {
    switch phase {
    case .download: downlink
    case .training: nil
    case .upload: uplink
    }
  }

  /// The duration of a phase.
  package func duration(of phase: TaskPhase) -> SimulationDuration {
    switch phase {
    case .download: downloadTime
    case .training: compute.duration(of: work.training)
    case .upload: uploadTime
    }
  }

  /// The start of a phase.
  package func start(of phase: TaskPhase) -> SimulationTime {
    switch phase {
    case .download: start
    case .training: downloadEnd
    case .upload: trainingEnd
    }
  }

  /// The phase at an instant; nil before the start and from the end on.
  package func phase(at time: SimulationTime) -> TaskPhase? {
    if time < start || time >= uploadEnd { return nil }
    if time < downloadEnd { return .download }
    return time < trainingEnd ? .training : .upload
  }

  /// The work of a phase after `elapsed`: zero at its start, all at its end, and whole bytes and
  /// operations in between, rounded down.
  package func spent(in phase: TaskPhase, after elapsed: SimulationDuration) -> TaskWork {
    var spent = TaskWork.zero
    switch phase {
    case .download: spent.download = downlink.bytesMoved(of: work.download, after: elapsed)
    case .training: spent.training = compute.work(of: work.training, after: elapsed)
    case .upload: spent.upload = uplink.bytesMoved(of: work.upload, after: elapsed)
    }
    return spent
  }

  /// The work of the task up to an instant: zero at its start, `work` at its end.
  package func spent(until time: SimulationTime) -> TaskWork {
    TaskPhase.allCases.reduce(.zero) { $0 + spent(in: $1, after: time - start(of: $1)) }
  }
}
