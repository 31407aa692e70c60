import EventSimulation

/// When one device does what in one task that has the server's link to itself and is not interrupted:
/// it downloads, trains and uploads, one after the other.
///
/// A pure value of the device, the start and the work. A phase holds its first instant and not its
/// last: at `downloadEnd` the device trains, and at `uploadEnd` the task is done. An instant beyond
/// 64 bits is `distantFuture`.
package struct TaskTimeline: Hashable, Codable, Sendable {
  package let start: SimulationTime
  package let work: TaskWork
  package let downlink: NetworkLink
  package let compute: TrainingPace
  package let uplink: NetworkLink
  private let downloadTime: SimulationDuration
  private let uploadTime: SimulationDuration

  /// - Parameters:
  ///   - links: left out, fluids that wait for one round trip.
  ///   - rate: of the matrix products; left out, the device's in float32.
  ///   - stall: how long the kernels of its training take beyond their operations.
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

  /// How long the whole task takes.
  package var duration: SimulationDuration { uploadEnd - start }

  /// The link that a phase uses; nil for training.
  package func link(of phase: TaskPhase) -> NetworkLink? {
    switch phase {
    case .download: downlink
    case .training: nil
    case .upload: uplink
    }
  }

  /// How long a phase takes.
  package func duration(of phase: TaskPhase) -> SimulationDuration {
    switch phase {
    case .download: downloadTime
    case .training: compute.duration(of: work.training)
    case .upload: uploadTime
    }
  }

  /// When a phase begins.
  package func start(of phase: TaskPhase) -> SimulationTime {
    switch phase {
    case .download: start
    case .training: downloadEnd
    case .upload: trainingEnd
    }
  }

  /// What the device does at an instant; nil before the start and from the end on.
  package func phase(at time: SimulationTime) -> TaskPhase? {
    if time < start || time >= uploadEnd { return nil }
    if time < downloadEnd { return .download }
    return time < trainingEnd ? .training : .upload
  }

  /// What a phase has moved or computed when `elapsed` has gone since its start: nothing at first, all
  /// at its end, and in between whole bytes and operations, rounded down.
  package func spent(in phase: TaskPhase, after elapsed: SimulationDuration) -> TaskWork {
    var spent = TaskWork.zero
    switch phase {
    case .download: spent.download = downlink.bytesMoved(of: work.download, after: elapsed)
    case .training: spent.training = compute.work(of: work.training, after: elapsed)
    case .upload: spent.upload = uplink.bytesMoved(of: work.upload, after: elapsed)
    }
    return spent
  }

  /// What the task has moved and computed up to an instant: nothing at its start, `work` at its end.
  package func spent(until time: SimulationTime) -> TaskWork {
    TaskPhase.allCases.reduce(.zero) { $0 + spent(in: $1, after: time - start(of: $1)) }
  }
}
