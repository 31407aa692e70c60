import Configuration

struct DataRate: Quantity, Hashable {
  static let noun = "a data rate"
  static let units: KeyValuePairs<String, Double> = [
    "bps": 1, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9,
  ]
  static let example = "15 Mbps"

  var bitsPerSecond: Double

  init?(magnitude: Double) {
    guard magnitude <= 1e15 else { return nil }
    bitsPerSecond = magnitude
  }
}

struct Span: Quantity, Hashable, Comparable, CustomStringConvertible {
  static let noun = "a duration"
  static let units: KeyValuePairs<String, Double> = [
    "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9,
  ]
  static let example = "10 min"

  var nanoseconds: Int64

  init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

  init?(magnitude: Double) {
    guard magnitude < 9e18 else { return nil }
    nanoseconds = Int64(magnitude)
  }

  var description: String { "\(nanoseconds / 1_000_000_000) s" }

  static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
}

struct ComputeSpeed: Quantity, Hashable {
  static let noun = "a compute speed"
  static let units: KeyValuePairs<String, Double> = ["MFLOPS": 1e6, "GFLOPS": 1e9, "TFLOPS": 1e12]
  static let example = "60 GFLOPS"

  var floatingPointOperationsPerSecond: Double

  init?(magnitude: Double) { floatingPointOperationsPerSecond = magnitude }
}

struct MemorySize: Quantity, Hashable {
  static let noun = "a memory size"
  static let units: KeyValuePairs<String, Double> = ["MB": 1e6, "GB": 1e9]
  static let example = "8 GB"

  var bytes: Int64

  init?(magnitude: Double) {
    guard magnitude < 9e18 else { return nil }
    bytes = Int64(magnitude)
  }
}
