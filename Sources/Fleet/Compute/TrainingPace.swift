import EventSimulation

/// How fast a device trains: matrix products at its sustained rate, beyond which it waits for its memory and
/// for what starts each kernel, and all of it slower when it is hot.
package struct TrainingPace: Hashable, Codable, Sendable {
  package let rate: ComputeRate
  /// How long the task's kernels take beyond their operations.
  package let stall: SimulationDuration
  package let heat: HeatLimit?

  /// - Parameter rate: of the matrix products; left out, the device's in float32.
  package init(_ profile: DeviceProfile, rate: ComputeRate? = nil, stall: SimulationDuration) {
    self.rate = rate ?? profile.compute
    self.stall = stall
    heat = profile.heat
  }

  /// How long `work` takes.
  package func duration(of work: FLOPCount) -> SimulationDuration {
    let cool = rate.duration(of: work) + stall
    return heat?.duration(of: cool) ?? cool
  }

  /// The whole operations of `work` that are done when `elapsed` has gone; kernels of all kinds take turns,
  /// so that all come equally far.
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
