import EventSimulation

/// The training speed of a device: matrix products at its sustained rate, plus stalls for memory
/// and kernel launches, all of it slower under thermal throttling.
package struct TrainingPace: Hashable, Codable, Sendable {
  package let rate: ComputeRate
  /// The time that the task's kernels take in addition to their operations.
  package let stall: SimulationDuration
  package let heat: HeatLimit?

  /// - Parameter rate: the rate of matrix products; defaults to the device's in float32.
  package init(_ profile: DeviceProfile, rate: ComputeRate? = nil, stall: SimulationDuration) {
    self.rate = rate ?? profile.compute
    self.stall = stall
    heat = profile.heat
  }

  /// The duration of `work`.
  package func duration(of work: FLOPCount) -> SimulationDuration {
    let cool = rate.duration(of: work) + stall
    return heat?.duration(of: cool) ?? cool
  }

  /// The whole operations of `work` done after `elapsed`. Kernels of all kinds are interleaved, so
  /// that all progress equally.
  package func work(of work: FLOPCount, after elapsed: SimulationDuration) -> FLOPCount {
    let cool = max(.zero, heat?.cool(elapsed) ?? elapsed)
    guard stall > .zero else { return min(work, rate.work(in: cool)) }
    let products = rate.duration(of: work)
    let share = Int.floorOfProduct(
      Int(cool.nanoseconds), Int(products.nanoseconds),
      dividedBy: Int((products + stall).nanoseconds))
    return min(work, rate.work(in: SimulationDuration(nanoseconds: Int64(share))))
  }
}
