import DeviceTasks
import EventSimulation
import Fleet
import Results

/// Verifies that booked costs match the bytes, operations and energy of devices, recomputed from
/// the phases of their tasks.
///
/// Enabled in debug builds, and in tests on request. It books the progress of all tasks after each
/// event, which changes no table because tables contain only sums.
final class ConservationCheck {
  /// The work of tasks that have ended.
  private var ended = TaskWork.zero
  private var endedEnergy = Energy.zero

  /// - Parameter ledger: earlier bookings of tasks that are no longer in flight are assumed to be
  ///   correct.
  init(_ ledger: CostLedger, _ engine: TaskEngine) {
    let total = ledger.total
    for id in engine.state.tasks.ids {
      ended = ended + engine.state.tasks[id].spent
      endedEnergy += engine.state.tasks[id].energy
    }
    ended = TaskWork(
      download: total.bytesDown - ended.download, training: total.flops - ended.training,
      upload: total.bytesUp - ended.upload)
    endedEnergy = (total.energy ?? .zero) - endedEnergy
  }

  /// Records the end of a task.
  func end(
    _ task: InFlightTask, _ outcome: TaskOutcome, _ engine: TaskEngine, at time: SimulationTime
  ) {
    let (plan, progress) = (task.plan, task.progress)
    var start = plan.timeline.start
    for phase in TaskPhase.allCases {
      guard let span = progress.span(of: phase) else { break }
      let active = engine.availability(of: plan.client).active(from: start, to: start + span)
      start = start + span
      let energy = plan.profile.energy(of: phase, plan.timeline, after: active)
      if plan.profile.power != nil { endedEnergy += energy ?? .zero }
      let isWhole = phase != progress.phase || outcome.hasWholeUpload
      // For a transfer aborted on a shared link, only the link knows its progress.
      let amount =
        isWhole
        ? plan.timeline.work.amount(of: phase)
        : phase == .training
          ? plan.timeline.spent(in: phase, after: active).amount(of: phase)
          : progress.spent.amount(of: phase)
      ended = ended.adding(amount, to: phase)
    }
    precondition(start == time, "a task's phases follow each other without a gap")
  }

  func check(_ ledger: CostLedger, _ engine: TaskEngine, at time: SimulationTime) {
    engine.bookProgress(at: time)
    let total = ledger.total
    let inFlight = engine.spentInFlight(at: time)
    precondition(
      total.bytesDown == ended.download + inFlight.work.download
        && total.bytesUp == ended.upload + inFlight.work.upload
        && total.flops == ended.training + inFlight.work.training
        && total.energy ?? .zero == endedEnergy + inFlight.energy,
      "what is booked at \(time.seconds) s is what was moved, computed and used")
  }
}

extension TaskOutcome {
  /// Whether the task's upload was completed, whether or not the update was used.
  fileprivate var hasWholeUpload: Bool { self == .completed || self == .stale || self == .rejected }
}
