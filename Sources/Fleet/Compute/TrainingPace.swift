import EventSimulation

/// How fast a device trains: matrix products at its sustained rate, the optimizer at the bandwidth of
/// its memory, and all of it slower when it is hot.
///
/// A roofline of two kernels (Williams et al., "Roofline", CACM 2009): products do many operations for
/// each byte and are bound by the rate; an optimizer's step does a few for each byte that it reads and
/// writes and is bound by the bandwidth. A task takes operations / rate + traffic / bandwidth; without
/// a bandwidth, operations / rate alone.
package struct TrainingPace: Hashable, Codable, Sendable {
  package let rate: ComputeRate
  /// The time that the optimizer's traffic takes.
  package let memoryTime: SimulationDuration
  package let heat: HeatLimit?

  /// - Parameter traffic: the bytes that the task's optimizer steps read and write.
  package init(_ profile: DeviceProfile, traffic: ByteCount) {
    rate = profile.compute
    memoryTime = profile.memoryBandwidth.map { $0.duration(of: traffic) } ?? .zero
    heat = profile.heat
  }

  /// How long `work` takes.
  package func duration(of work: FLOPCount) -> SimulationDuration {
    let cool = rate.duration(of: work) + memoryTime
    return heat?.duration(of: cool) ?? cool
  }

  /// The whole operations of `work` that are done when `elapsed` has gone; products and optimizer
  /// steps take turns, so that both come equally far.
  package func work(of work: FLOPCount, after elapsed: SimulationDuration) -> FLOPCount {
    let cool = max(.zero, heat?.cool(elapsed) ?? elapsed)
    guard memoryTime > .zero else { return min(work, rate.work(in: cool)) }
    let products = rate.duration(of: work)
    let share = Int.floorOfProduct(
      Int(cool.nanoseconds), Int(products.nanoseconds),
      dividedBy: Int((products + memoryTime).nanoseconds))
    return min(work, rate.work(in: SimulationDuration(nanoseconds: Int64(share))))
  }
}
