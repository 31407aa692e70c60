import EventSimulation
import Federation
import Fleet

/// A server without rounds: it keeps so many tasks in flight and makes versions as updates come.
extension Simulation {
  /// Starts tasks until there are as many as there may be, or nobody is left to ask.
  func fillVacancies(at time: SimulationTime) throws {
    guard let continuous = server.strategy.continuous, !state.isFinished else { return }
    var asked: Set<Int> = []
    var trained: [Int] = []
    var firstReturn: SimulationTime?
    while state.tasks.count < continuous.concurrency {
      state.selections += 1
      let (devices, back) = select(
        continuous.concurrency - state.tasks.count, draw: state.selections,
        excluding: state.busy.union(state.unfit).union(asked), at: time)
      firstReturn = [firstReturn, back].compactMap { $0 }.min()
      if devices.isEmpty { break }
      for client in devices {
        asked.insert(client)
        switch try startTask(client, draw: state.selections, at: time) {
        case .started(let id, let isTrained): if isTrained { trained.append(id) }
        case .away(let back): firstReturn = [firstReturn, back].compactMap { $0 }.min()
        case .unfit: state.unfit.insert(client)
        case .refused: break
        }
      }
      if asked.count >= Self.mostAsked { break }
    }
    train(trained)
    if state.tasks.count < continuous.concurrency, let firstReturn {
      state.schedule.schedule(.vacancy, at: firstReturn)
    } else if state.tasks.isEmpty {
      state.isFinished = true
    }
  }

  /// Devices that are asked at one instant, of which nearly all must lack the memory or the charge.
  private static let mostAsked = 10_000
}
