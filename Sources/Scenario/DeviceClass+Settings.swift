import Configuration
import EventSimulation
import Fleet

extension DeviceClass {
  /// - Parameter isDrawn: whether the fleet's devices are drawn, so that the class needs a share.
  init(_ section: ConfigurationSection, isDrawn: Bool = true) {
    let known = section.faultCount
    let trace = section.optionalString("bandwidth_trace", example: "lte.csv")
    // A rate for each precision, a single rate, or its distribution.
    let rates =
      section.shape(of: "compute") == .section && section.section("compute").has("float32")
      ? section.section("compute") : nil
    self.init(
      name: section.string("name", example: "phone"),
      share: section.number("share", in: 0...1, default: isDrawn ? nil : 0, example: 0.5),
      compute: rates?.distribution("float32") ?? section.distribution("compute"),
      memory: section.distribution("memory"),
      download: section.rate("download", unless: trace),
      upload: section.rate("upload", unless: trace),
      rtt: section.distribution("rtt", allowingZero: true),
      dropout: section.number("dropout", in: 0...1, default: 0),
      utilisation: section.number("utilisation", in: 1e-6...1, default: 1),
      jitter: section.has("jitter")
        ? section.distribution("jitter", allowingZero: true) : .fixed(.zero),
      loss: section.optionalQuantity("loss", in: .none ... .most),
      hazard: section.optionalSection("hazard").map { HazardRates($0) } ?? .none,
      memoryBandwidth: section.has("memory_bandwidth")
        ? section.distribution("memory_bandwidth") : nil,
      kernelOverhead: section.has("kernel_overhead")
        ? section.distribution("kernel_overhead", allowingZero: true) : .fixed(.zero),
      heat: section.optionalSection("heat").map { HeatLimit($0) },
      power: section.optionalSection("power").map { PowerUse($0) },
      battery: section.optionalSection("battery").map { Battery($0) },
      bfloat16Compute: rates.flatMap { rates in
        rates.has("bfloat16") ? rates.distribution("bfloat16") : nil
      },
      bandwidthTrace: trace)
    guard section.faultCount == known else { return }
    for fault in faults { section.fault(at: fault.key, fault.reason) }
  }
}

extension ConfigurationSection {
  /// A link's rate, unless a trace provides it; reading the trace replaces it with the trace's
  /// mean.
  fileprivate func rate(
    _ key: String, unless trace: String?
  ) -> QuantityDistribution<BitRate> {
    guard trace != nil else { return distribution(key) }
    if shape(of: key) != .absent {
      fault(at: key, "bandwidth_trace gives both rates; remove \(key)")
    }
    return .fixed(.smallest)
  }
}

extension HazardRates {
  /// Dropouts per hour in each phase; an omitted phase has none.
  init(_ section: ConfigurationSection) {
    func rate(_ key: String) -> Double { section.number(key, in: 0...1e6, default: 0) }
    self.init(download: rate("download"), training: rate("training"), upload: rate("upload"))
  }
}

extension HeatLimit {
  init(_ section: ConfigurationSection) {
    self.init(
      after: section.quantity("after", SimulationDuration.self, allowingZero: true),
      speed: section.number("speed", in: 1e-3...1, example: 0.6))
  }
}

extension PowerUse {
  init(_ section: ConfigurationSection) {
    func power(_ key: String) -> Power { section.quantity(key, allowingZero: true) }
    self.init(
      computing: power("computing"), sending: power("sending"), receiving: power("receiving"),
      idle: power("idle"))
  }
}

extension Battery {
  init(_ section: ConfigurationSection) {
    self.init(
      capacity: section.quantity("capacity"), reserve: section.number("reserve", in: 0...1))
  }
}
