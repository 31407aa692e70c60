import EventSimulation
import Federation
import Fleet

/// The devices that the server turns to.
extension Simulation {
  /// The devices of a selection, ascending; and, where the server sees who is there, the instant at
  /// which the first of those that are away comes back.
  ///
  /// - Parameters:
  ///   - size: how many are wanted.
  ///   - draw: what the draws depend on, beside the seed.
  ///   - excluding: devices that are not asked.
  func select(
    _ size: Int, draw: Int, excluding: Set<Int>, at time: SimulationTime
  ) -> (devices: [Int], firstReturn: SimulationTime?) {
    if let privacy = server.privacy, privacy.sampling == .poisson {
      return (poissonCohort(draw).filter { !excluding.contains($0) }, nil)
    }
    guard server.selection.seesPresence || server.strategy.continuous != nil else {
      // As many more are drawn as may have to be passed over.
      return (
        Array(
          selector.cohort(round: draw, size: size + excluding.count).lazy
            .filter { !excluding.contains($0) }.prefix(size)), nil
      )
    }
    if server.selection.isRandom {
      // Where one device takes another's place, few are asked.
      let least = server.strategy.continuous == nil ? ClientSelector.manyCandidates : 100
      return available(
        size, of: selector.candidates(round: draw, size: size, least: least), excluding, at: time)
    }
    let all = selector.candidates(round: draw, size: size)
    var firstReturn: SimulationTime?
    var present: [Candidate] = []
    for client in all where !excluding.contains(client) {
      guard let session = presence(of: client).session(after: time) else { continue }
      if session.start <= time {
        present.append(Candidate(id: client, planner: planner, time: time))
      } else {
        firstReturn = min(firstReturn ?? session.start, session.start)
      }
    }
    return (
      state.selection.select(size, among: present, round: state.version.number + 1), firstReturn
    )
  }

  /// The first that are there, so that no more presences are worked out than are needed.
  private func available(
    _ size: Int, of candidates: [Int], _ excluding: Set<Int>, at time: SimulationTime
  ) -> (devices: [Int], firstReturn: SimulationTime?) {
    var devices: [Int] = []
    var firstReturn: SimulationTime?
    for client in candidates where !excluding.contains(client) {
      guard let session = presence(of: client).session(after: time) else { continue }
      if session.start <= time {
        devices.append(client)
        if devices.count == size { break }
      } else {
        firstReturn = min(firstReturn ?? session.start, session.start)
      }
    }
    return (devices.sorted(), firstReturn)
  }

  private func poissonCohort(_ round: Int) -> [Int] {
    PoissonSampling(
      population: selector.population, probability: samplingRate, seed: seed
    ).cohort(round: round)
  }

  /// The share of the fleet that a round expects.
  var samplingRate: Double { min(1, Double(server.cohort) / Double(selector.population)) }

  func presence(of client: Int) -> Presence {
    Presence(experiment.availability, device: client, seed: seed)
  }
}
