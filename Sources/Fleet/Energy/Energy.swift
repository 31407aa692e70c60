/// An amount of energy in whole microjoules. Sums saturate.
public struct Energy: WholeQuantity {
  public let microjoules: Int

  public init(microjoules: Int) {
    precondition(microjoules >= 0, "an amount of energy cannot be negative")
    self.microjoules = microjoules
  }

  public static let zero = Energy(microjoules: 0)

  /// Joules, for reports only.
  public var joules: Double { Double(microjoules) / 1e6 }

  public static func + (lhs: Self, rhs: Self) -> Self {
    Self(microjoules: .saturatedSum(lhs.microjoules, rhs.microjoules))
  }

  /// The difference; `rhs` must not be larger than `lhs`.
  public static func - (lhs: Self, rhs: Self) -> Self {
    Self(microjoules: lhs.microjoules - rhs.microjoules)
  }

  public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
}

extension Energy {
  public static let noun = "an amount of energy"
  public static let example = "50 kJ"
  public static let units: KeyValuePairs<String, Double> = [
    "uJ": 1, "mJ": 1e3, "J": 1e6, "kJ": 1e9, "MJ": 1e12, "GJ": 1e15, "Wh": 3.6e9,
  ]
  public static let displayUnits = [
    (name: "uJ", baseUnits: 1), (name: "mJ", baseUnits: 1_000), (name: "J", baseUnits: 1_000_000),
    (name: "kJ", baseUnits: 1_000_000_000), (name: "MJ", baseUnits: 1_000_000_000_000),
    (name: "GJ", baseUnits: 1_000_000_000_000_000),
  ]
  public static let smallest = zero
  public var baseUnits: Int { microjoules }
  public init(baseUnits: Int) { self.init(microjoules: baseUnits) }
}
