import Adaptation
import Configuration
import EventSimulation
import Fleet

/// How many devices of which classes there are, and how they execute a step.
public struct FleetSettings: Sendable, Encodable {
  public var devices: Int
  public var classes: [DeviceClass]
  public var executionPlan: ExecutionPlan

  init(_ section: ConfigurationSection) {
    let faults = section.faultCount
    devices = section.integer("devices", in: 1...1_000_000_000_000, example: 50)
    classes = section.sections("classes").map { DeviceClass($0) }
    executionPlan = section.choice("execution_plan", default: .reference)
    guard section.faultCount == faults else { return }
    for fault in Fleet.faults(count: devices, classes: classes) {
      section.fault(at: "classes", "\(fault.key): \(fault.reason)")
    }
  }
}

extension DeviceClass {
  init(_ section: ConfigurationSection) {
    self.init(
      name: section.string("name", example: "phone"),
      share: section.number("share", in: 0...1, example: 0.5),
      compute: section.distribution("compute"),
      memory: section.distribution("memory"),
      download: section.distribution("download"),
      upload: section.distribution("upload"),
      rtt: section.distribution("rtt"),
      dropout: section.number("dropout", in: 0...1, default: 0))
  }
}

extension ConfigurationSection {
  /// A quantity that all devices share, or what each device draws it from:
  /// `{ lognormal: { median: 60 GFLOPS, sigma: 0.5 } }`, `{ uniform: { low: 2 GB, high: 8 GB } }`.
  func distribution<Value: WholeQuantity>(_ key: String) -> QuantityDistribution<Value> {
    guard shape(of: key) == .section else { return .fixed(quantity(key)) }
    let section = section(key)
    if section.has("lognormal") {
      let parameters = section.section("lognormal")
      return .lognormal(
        median: parameters.quantity("median"), sigma: parameters.number("sigma", in: 0...10))
    }
    let parameters = section.section("uniform")
    let faults = parameters.faultCount
    let low: Value = parameters.quantity("low")
    let high: Value = parameters.quantity("high")
    guard parameters.faultCount == faults else { return .fixed(low) }
    guard low <= high else {
      parameters.fault(at: "high", "high is \(high), which is below low, \(low)")
      return .fixed(low)
    }
    return .uniform(low: low, high: high)
  }
}
