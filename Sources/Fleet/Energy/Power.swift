import EventSimulation

/// A power in whole microwatts.
public struct Power: WholeQuantity {
  public let microwatts: Int

  public init(microwatts: Int) {
    precondition(microwatts >= 0, "a device uses no negative power")
    self.microwatts = microwatts
  }

  public static let zero = Power(microwatts: 0)

  /// The energy consumed in a non-negative `duration`: the floor of power * duration, in
  /// microjoules.
  public func energy(in duration: SimulationDuration) -> Energy {
    Energy(
      microjoules: .floorOfProduct(
        microwatts, Int(duration.nanoseconds), dividedBy: 1_000_000_000))
  }
}

extension Power {
  public static let noun = "a power"
  public static let example = "4 W"
  public static let units: KeyValuePairs<String, Double> = [
    "uW": 1, "mW": 1e3, "W": 1e6, "kW": 1e9,
  ]
  public static let smallest = zero
  public var baseUnits: Int { microwatts }
  public init(baseUnits: Int) { self.init(microwatts: baseUnits) }
}
