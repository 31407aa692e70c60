import EventSimulation
import Fleet

/// How transfers in one direction use the server's link.
///
/// The engine begins a transfer and is notified of its end or of a dropout; the model handles
/// everything in between.
protocol TransferModel: AnyObject {
  /// Begins the transfer of the phase that the task has just entered.
  func begin(_ id: Int, at time: SimulationTime)

  /// The whole bytes transferred so far by the task's current transfer.
  func moved(_ id: Int, at time: SimulationTime) -> ByteCount

  /// Discards the task's current transfer, completed or not.
  func end(_ id: Int, at time: SimulationTime)
}

/// Transfers on an unlimited server link: each runs at its device link's rate in active time, so
/// that its end is known at its start.
///
/// A TCP transfer interrupted by the end of a session restarts with a small window, so it is
/// simulated in pieces. So are transfers of devices whose rates change, because their end
/// depends on the start time.
final class FreeTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase
  /// The transfers simulated in pieces; nil if there are none.
  private let pieces: SharedTransfers?

  init(_ engine: TaskEngine, _ phase: TaskPhase, pieces: SharedTransfers?) {
    self.engine = engine
    self.phase = phase
    self.pieces = pieces
  }

  func begin(_ id: Int, at time: SimulationTime) {
    guard let pieces, changesRate(id) || isInterrupted(id, at: time) else {
      return engine.runAlone(phase, id, at: time)
    }
    pieces.begin(id, at: time)
  }

  private func changesRate(_ id: Int) -> Bool {
    engine.bandwidth(of: engine.state.tasks.plan(of: id), in: phase) != nil
  }

  /// Whether the end of a session interrupts and restarts a transfer.
  private func isInterrupted(_ id: Int, at time: SimulationTime) -> Bool {
    guard engine.interruptsTCP else { return false }
    let plan = engine.state.tasks.plan(of: id)
    let availability = engine.availability(of: plan.client)
    guard !availability.isLasting, let session = availability.session(after: time) else {
      return false
    }
    return session.start > time || time + plan.timeline.duration(of: phase) > session.end
  }

  func moved(_ id: Int, at time: SimulationTime) -> ByteCount {
    if let pieces, engine.state.tasks[transferOf: id] != nil {
      return pieces.moved(id, at: time)
    }
    let plan = engine.state.tasks.plan(of: id)
    let active = engine.activeTime(of: plan.client, since: engine.state.tasks[id].start, to: time)
    let spent = plan.timeline.spent(in: phase, after: active)
    return phase == .download ? spent.download : spent.upload
  }

  func end(_ id: Int, at time: SimulationTime) { pieces?.end(id, at: time) }
}
