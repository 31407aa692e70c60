import EventSimulation
import Fleet

/// How the transfers of one direction pass the server's link.
///
/// The engine begins a transfer and hears of its end or loss; what happens in between is the model's.
protocol TransferModel: AnyObject {
  /// Begins the transfer of the phase that the task has just entered.
  func begin(_ id: Int, at time: SimulationTime)

  /// The whole bytes of the task's current transfer that have been carried by now.
  func moved(_ id: Int, at time: SimulationTime) -> ByteCount

  /// Forgets the task's current transfer, which has ended, or which its device does not finish.
  func end(_ id: Int, at time: SimulationTime)
}

/// Transfers over a link of the server's that has room for all: each runs at the rate of its own device's link, in
/// the device's own time, so that its end is known when it begins.
final class FreeTransfers: TransferModel {
  private unowned(unsafe) let engine: TaskEngine
  private let phase: TaskPhase

  init(_ engine: TaskEngine, _ phase: TaskPhase) {
    self.engine = engine
    self.phase = phase
  }

  func begin(_ id: Int, at time: SimulationTime) { engine.runAlone(phase, id, at: time) }

  func moved(_ id: Int, at time: SimulationTime) -> ByteCount {
    let plan = engine.state.tasks.plan(of: id)
    let active = engine.activeTime(of: plan.client, since: engine.state.tasks[id].start, to: time)
    let spent = plan.timeline.spent(in: phase, after: active)
    return phase == .download ? spent.download : spent.upload
  }

  func end(_ id: Int, at time: SimulationTime) {}
}
