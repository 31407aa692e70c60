import EventSimulation
import Fleet

/// How transfers in one direction use the server's link.
///
/// The engine begins a transfer and is notified of its end or of a dropout; the model handles
/// everything in between.
protocol TransferModel: AnyObject {
  /// Begins the transfer of the phase that the task has just entered.
  func begin(_ id: Int, at time: SimulationTime)

  /// The whole bytes of the task's current transfer so far.
  func moved(_ id: Int, at time: SimulationTime) -> ByteCount

  /// Forgets the task's current transfer, which has ended or was not completed.
  func end(_ id: Int, at time: SimulationTime)
}

/// Transfers over a link of the server's that has room for all: each runs at the rate of its own device's link, in
/// the device's own time, so that its end is known when it begins.
///
/// A TCP transfer that the end of a session interrupts is not the same afterwards: it starts anew with a small window.
/// It is carried piece by piece; and so is that of a device whose rate changes, whose course depends on when it begins.
final class FreeTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase
  /// Those that are carried piece by piece; nil where there are none.
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

  /// Whether a transfer meets the end of a session that changes its course.
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
