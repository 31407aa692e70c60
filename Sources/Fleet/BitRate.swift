import EventSimulation

/// The rate of a link in bits per second; at least one.
public struct BitRate: WholeQuantity {
  public let bitsPerSecond: Int

  public init(_ bitsPerSecond: Int) {
    precondition(bitsPerSecond > 0, "a link must carry at least one bit per second")
    self.bitsPerSecond = bitsPerSecond
  }

  /// The transfer time of `bytes`: the ceiling of 8e9 * bytes / rate nanoseconds, at most
  /// `unbounded`.
  public func duration(of bytes: ByteCount) -> SimulationDuration {
    let nanoseconds = Int.ceilingOfProduct(
      bytes.bytes, Self.bitNanoseconds, dividedBy: bitsPerSecond)
    return SimulationDuration(nanoseconds: Int64(nanoseconds))
  }

  /// The whole bytes transferred in a non-negative `duration`: the floor of rate * duration / 8e9.
  public func bytes(in duration: SimulationDuration) -> ByteCount {
    precondition(duration >= .zero, "no bytes pass in a negative time")
    return ByteCount(
      .floorOfProduct(
        bitsPerSecond, Int(duration.nanoseconds), dividedBy: Self.bitNanoseconds))
  }

  /// Bits per byte times nanoseconds per second.
  private static let bitNanoseconds = 8_000_000_000
}

extension BitRate {
  public static let noun = "a data rate"
  public static let example = "15 Mbps"
  public static let units: KeyValuePairs<String, Double> = [
    "bps": 1, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9,
  ]
  public static let smallest = BitRate(1)
  public var baseUnits: Int { bitsPerSecond }
  public init(baseUnits: Int) { self.init(baseUnits) }
}
