import Configuration
import EventSimulation

/// The units of time are here rather than next to the type, so that `EventSimulation` does not
/// depend on configuration files.
extension SimulationDuration: WholeQuantity {
  public static let noun = "a duration"
  public static let example = "24 ms"
  public static let units: KeyValuePairs<String, Double> = [
    "ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9, "days": 86400e9,
  ]
  public static let smallest = zero
  public var baseUnits: Int { Int(nanoseconds) }
  public init(baseUnits: Int) { self.init(nanoseconds: Int64(baseUnits)) }
}
