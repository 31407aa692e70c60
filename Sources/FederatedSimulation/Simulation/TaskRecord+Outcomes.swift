import EventSimulation
import Fleet

/// The rows that tasks leave, by how they ended.
extension TaskRecord {
  static func completed(
    _ task: InFlightTask, at time: SimulationTime, steps: Int, loss: Double
  ) -> Self {
    var record = Self(task, .completed, until: time)
    record.steps = steps
    record.trainLoss = loss
    return record
  }

  static func lost(_ task: InFlightTask, during phase: TaskPhase, at time: SimulationTime) -> Self {
    Self(task, TaskOutcome(lostDuring: phase), until: time)
  }

  /// A device that was turned away because the method needs more memory than it has free.
  static func excluded(
    _ client: Int, _ profile: DeviceProfile, round: Int, at time: SimulationTime, samples: [Int],
    _ peak: ByteCount
  ) -> Self {
    Self(
      round: round, client: client, deviceClass: profile.className, outcome: .excludedMemory,
      start: time, end: time, samples: samples.count, bytesDown: .zero, bytesUp: .zero,
      flops: .zero, peakMemory: peak)
  }

  /// What a task did until it ended at `time`.
  private init(_ task: InFlightTask, _ outcome: TaskOutcome, until time: SimulationTime) {
    let timeline = task.timeline
    let spent = timeline.spent(until: time)
    func span(_ start: SimulationTime, _ end: SimulationTime) -> SimulationDuration? {
      time < start ? nil : min(time, end) - start
    }
    self.init(
      round: task.round, client: task.client, deviceClass: task.profile.className,
      outcome: outcome, start: timeline.start,
      download: span(timeline.start, timeline.downloadEnd),
      training: span(timeline.downloadEnd, timeline.trainingEnd),
      upload: span(timeline.trainingEnd, timeline.uploadEnd), end: time, samples: task.samples,
      bytesDown: spent.download, bytesUp: spent.upload, flops: spent.training,
      peakMemory: task.peakMemory)
  }
}
