import EventSimulation

/// The sustained speed of a device in floating-point operations per second; at least one.
public struct ComputeRate: WholeQuantity {
  public let operationsPerSecond: Int

  public init(_ operationsPerSecond: Int) {
    precondition(operationsPerSecond > 0, "a device must do at least one operation per second")
    self.operationsPerSecond = operationsPerSecond
  }

  /// The duration of `work`: the ceiling of 1e9 * operations / rate nanoseconds, at most
  /// `unbounded`.
  public func duration(of work: FLOPCount) -> SimulationDuration {
    let nanoseconds = Int.ceilingOfProduct(
      work.operations, Self.nanosecondsPerSecond, dividedBy: operationsPerSecond)
    return SimulationDuration(nanoseconds: Int64(nanoseconds))
  }

  /// The whole operations completed in a non-negative `duration`: the floor of
  /// rate * duration / 1e9.
  public func work(in duration: SimulationDuration) -> FLOPCount {
    precondition(duration >= .zero, "no work is done in a negative time")
    return FLOPCount(
      .floorOfProduct(
        operationsPerSecond, Int(duration.nanoseconds), dividedBy: Self.nanosecondsPerSecond))
  }

  private static let nanosecondsPerSecond = 1_000_000_000
}

extension ComputeRate {
  public static let noun = "a compute rate"
  public static let example = "60 GFLOPS"
  public static let units: KeyValuePairs<String, Double> = [
    "FLOPS": 1, "kFLOPS": 1e3, "MFLOPS": 1e6, "GFLOPS": 1e9, "TFLOPS": 1e12,
  ]
  public static let smallest = ComputeRate(1)
  public var baseUnits: Int { operationsPerSecond }
  public init(baseUnits: Int) { self.init(baseUnits) }
}
