import EventSimulation

/// The bytes per second that a device's memory reads and writes; at least one.
public struct MemoryBandwidth: WholeQuantity {
  public let bytesPerSecond: Int

  public init(_ bytesPerSecond: Int) {
    precondition(bytesPerSecond > 0, "a memory must carry at least one byte per second")
    self.bytesPerSecond = bytesPerSecond
  }

  /// The transfer time of `bytes`: the ceiling of 1e9 * bytes / bandwidth nanoseconds.
  public func duration(of bytes: ByteCount) -> SimulationDuration {
    SimulationDuration(
      nanoseconds: Int64(
        Int.ceilingOfProduct(bytes.bytes, 1_000_000_000, dividedBy: bytesPerSecond)))
  }
}

extension MemoryBandwidth {
  public static let noun = "a memory bandwidth"
  public static let example = "20 GB/s"
  public static let units: KeyValuePairs<String, Double> = [
    "B/s": 1, "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9, "TB/s": 1e12,
  ]
  public static let smallest = MemoryBandwidth(1)
  public var baseUnits: Int { bytesPerSecond }
  public init(baseUnits: Int) { self.init(baseUnits) }
}
