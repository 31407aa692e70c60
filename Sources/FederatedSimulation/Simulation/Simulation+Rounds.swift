import EventSimulation
import Federation
import Fleet

/// A server that works in rounds: it selects a cohort, waits for it, and makes a version.
extension Simulation {
  func startRound(_ round: Int, at time: SimulationTime) throws {
    state.round = RoundState(number: round)
    let size = Int((Double(server.cohort) * server.overSelection).rounded(.up))
    let (cohort, firstReturn) = select(size, draw: round, excluding: state.busy, at: time)
    if cohort.isEmpty, let firstReturn {
      state.schedule.schedule(.roundStarted(round), at: firstReturn)
      return
    }
    if let deadline = server.deadline {
      state.round.deadline = state.schedule.scheduleCancellable(.deadline, at: time + deadline)
    }
    var trained: [Int] = []
    var wait: SimulationTime?
    for client in cohort {
      switch try startTask(client, draw: round, at: time) {
      case .started(let id, let isTrained):
        state.round.open += 1
        if isTrained { trained.append(id) }
      case .away(let back): wait = [wait, back].compactMap { $0 }.min()
      case .unfit, .refused: break
      }
    }
    train(trained)
    if cohort.isEmpty, !state.tasks.isEmpty {
      state.round.waitsForDevices = true
    } else if state.round.open == 0, let wait {
      state.schedule.schedule(.cohortReturned(round: round), at: wait)
    } else {
      state.round.isUnderWay = true
      try settleRound(at: time)
    }
  }

  func returnCohort(of round: Int, at time: SimulationTime) throws {
    guard round == state.round.number else { return }
    state.round.isUnderWay = true
    try settleRound(at: time)
  }

  func passDeadline(at time: SimulationTime) throws {
    state.round.deadline = nil
    try finishRound(at: time)
  }

  /// Ends the round where it waits for nothing any more.
  func settleRound(at time: SimulationTime) throws {
    if state.round.waitsForDevices {
      cancelDeadline()
      state.schedule.schedule(.roundStarted(state.round.number), at: time)
      state.round.waitsForDevices = false
    } else if state.round.isUnderWay, server.roundEnd == .cohort,
      state.round.open == 0 || state.round.arrived >= server.cohort
    {
      cancelDeadline()
      try finishRound(at: time)
    }
  }

  private func nextVersion() -> ModelVersion {
    guard state.lora != nil else { return state.aggregation.finish(state.version) }
    state.lora!.finish()
    planner.costs.part = state.lora!.part
    return ModelVersion(number: state.version.number + 1, parameters: [])
  }

  private func cancelDeadline() {
    if let deadline = state.round.deadline { state.schedule.cancel(deadline) }
    state.round.deadline = nil
  }

  private func finishRound(at time: SimulationTime) throws {
    state.round.isUnderWay = false
    state.round.waitsForDevices = false
    if let privacy = server.privacy {
      let mean = PrivateMean(
        clippingNorm: privacy.clip, noiseMultiplier: privacy.noise, expectedCohort: 1, seed: seed)
      let mechanism = mean.mechanism(privacy.sampling, rate: samplingRate)
      state.accountant?.compose(mechanism)
    }
    let next = nextVersion()
    try publish(next, at: time)
    if !state.isFinished {
      state.schedule.schedule(.roundStarted(next.number + 1), at: time)
    }
  }
}
