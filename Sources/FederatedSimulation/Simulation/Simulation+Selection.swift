import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Fleet
import Results
import Scenario

/// The devices available for selection: all, or those of an edge.
struct SelectionPool {
  let selector: ClientSelector
  /// Device ids by the selector's indices; nil if both are the same.
  let members: [Int]?

  func cohort(round: Int, size: Int) -> [Int] { devices(selector.cohort(round: round, size: size)) }

  func candidates(
    round: Int, size: Int, least: Int = ClientSelector.manyCandidates
  ) -> [Int] { devices(selector.candidates(round: round, size: size, least: least)) }

  private func devices(_ picks: [Int]) -> [Int] {
    guard let members else { return picks }
    return picks.map { members[$0] }
  }
}

/// Device selection.
extension Simulation {
  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice {
    select(
      request, excluding: excluded, from: SelectionPool(selector: selector, members: nil),
      by: &state.selection, at: time)
  }

  /// - Parameter policy: the policy of the server or of the edge that selects.
  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, from pool: SelectionPool,
    by policy: inout ClientSelection, at time: SimulationTime
  ) -> DeviceChoice {
    if let privacy = server.privacy {
      return sample(privacy.sampling, request, excluding: excluded)
    }
    guard server.selection.seesAvailability || request.isStream else {
      // Draws as many additional devices as may be excluded.
      let drawn = pool.cohort(round: request.draw, size: request.size + excluded.count)
      return DeviceChoice(
        devices: Array(drawn.lazy.filter { !excluded.contains($0) }.prefix(request.size)))
    }
    if server.selection.isRandom {
      // If one device can replace another, only a few are considered.
      let least = request.isStream ? 100 : ClientSelector.manyCandidates
      return firstOnline(
        request.size,
        of: pool.candidates(round: request.draw, size: request.size, least: least), excluded,
        at: time)
    }
    let candidates = pool.candidates(round: request.draw, size: request.size)
    var choice = DeviceChoice(devices: [])
    let online = candidates.filter {
      !excluded.contains($0) && isOnline($0, &choice, at: time)
    }
    choice.hadCandidates = !online.isEmpty
    choice.devices = policy.select(
      request,
      among: online.lazy.map { [self] in
        Candidate(id: $0, simulation: self, request: request, time: time)
      })
    return choice
  }

  /// A sample with probabilities known to the privacy accountant: a device with a task in flight
  /// may be drawn like any other, but then does nothing.
  private func sample(
    _ sampling: SampledGaussian.Sampling, _ request: SelectionRequest,
    excluding excluded: ExcludedDevices
  ) -> DeviceChoice {
    let drawn =
      switch sampling {
      case .poisson:
        PoissonSampling(
          population: selector.population,
          probability: server.samplingRate(population: selector.population),
          seed: selector.seed
        ).cohort(round: request.draw)
      case .withoutReplacement: selector.cohort(round: request.draw, size: request.size)
      }
    var choice = DeviceChoice(devices: drawn.filter { !excluded.contains($0) })
    choice.isBinding = true
    return choice
  }

  /// The first online devices, computing no more sessions than needed.
  private func firstOnline(
    _ size: Int, of candidates: [Int], _ excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice {
    var choice = DeviceChoice(devices: [])
    for client in candidates where !excluded.contains(client) {
      guard isOnline(client, &choice, at: time) else { continue }
      choice.devices.append(client)
      if choice.devices.count == size { break }
    }
    choice.devices.sort()
    return choice
  }

  /// Whether a device is online; if not, records in the choice when it comes back.
  private func isOnline(
    _ client: Int, _ choice: inout DeviceChoice, at time: SimulationTime
  ) -> Bool {
    guard let session = engine.availability(of: client).session(after: time) else { return false }
    if session.start <= time { return true }
    choice.firstReturn = min(choice.firstReturn ?? session.start, session.start)
    return false
  }

  func hasEligibleDevice(at time: SimulationTime) -> Bool {
    hasEligibleDevice(among: FleetSurvey.devices(of: selector.population), at: time)
  }

  func hasEligibleDevice(among devices: some Sequence<Int>, at time: SimulationTime) -> Bool {
    devices.contains { client in
      let profile = experiment.fleet.profile(of: client)
      let need = planner.need(of: profile)
      return engine.couldEverStart(profile, need, after: time) {
        timeline(of: profile, need, taskSeed: 0, cohort: server.selectedPerRound, at: time)
      }
    }
  }
}
