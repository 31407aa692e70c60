import DeviceTasks
import EventSimulation
import Fleet

/// The rows of tasks by outcome.
extension TaskRecord {
  /// A task that ended at the end of its current phase, or in the middle of it.
  package static func ended(
    _ task: InFlightTask, _ outcome: TaskOutcome, at time: SimulationTime, steps: Int? = nil,
    loss: Double? = nil
  ) -> Self {
    let (plan, progress) = (task.plan, task.progress)
    return Self(
      round: plan.serverVersion + 1, client: plan.client, deviceClass: plan.profile.className,
      outcome: outcome, start: plan.timeline.start, download: progress.span(of: .download),
      training: progress.span(of: .training), upload: progress.span(of: .upload), end: time,
      samples: plan.need.samples, steps: steps, bytesDown: progress.spent.download,
      bytesUp: progress.spent.upload, wireBytesDown: progress.wireDown,
      wireBytesUp: progress.wireUp, flops: progress.spent.training,
      energy: plan.profile.power.map { _ in progress.energy }, peakMemory: plan.need.peak,
      executionPlan: plan.need.setup.plan, batchSize: plan.need.setup.batchSize,
      techniques: plan.need.setup.techniques,
      rank: plan.need.setup.lora?.size.rank, trainLoss: loss, edge: plan.edge?.edge,
      edgeRound: plan.edge.map { _ in plan.baseVersion + 1 })
  }

  /// A device that was selected and did not start.
  ///
  /// - Parameter edge: the device's edge, and the number of its own version; nil without edges.
  package static func refused(
    _ profile: DeviceProfile, _ need: TaskNeed, _ outcome: TaskOutcome, round: Int,
    edge: (number: Int, round: Int)? = nil, at time: SimulationTime
  ) -> Self {
    Self(
      round: round, client: profile.id, deviceClass: profile.className,
      outcome: outcome, start: time, end: time, samples: need.samples,
      bytesDown: .zero, bytesUp: .zero, wireBytesDown: .zero, wireBytesUp: .zero, flops: .zero,
      energy: profile.power.map { _ in .zero }, peakMemory: need.peak,
      executionPlan: need.setup.plan, batchSize: need.setup.batchSize,
      techniques: need.setup.techniques,
      rank: need.setup.lora?.size.rank, edge: edge?.number, edgeRound: edge?.round)
  }
}
