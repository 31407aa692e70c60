import EventSimulation

@testable import Fleet

/// The two classes of the examples, with every value fixed.
enum Samples {
  static let flagship = DeviceClass(
    name: "flagship", share: 0.2,
    compute: .fixed(ComputeRate(60_000_000_000)), memory: .fixed(ByteCount(8_000_000_000)),
    download: .fixed(BitRate(105_000_000)), upload: .fixed(BitRate(15_000_000)),
    rtt: .fixed(.milliseconds(24)), dropout: 0.06)

  static let budget = DeviceClass(
    name: "budget", share: 0.8,
    compute: .fixed(ComputeRate(8_000_000_000)), memory: .fixed(ByteCount(2_000_000_000)),
    download: .fixed(BitRate(20_000_000)), upload: .fixed(BitRate(4_000_000)),
    rtt: .fixed(.milliseconds(60)), dropout: 0.1)

  /// All quantities sampled from distributions.
  static let drawn = DeviceClass(
    name: "drawn", share: 1,
    compute: .lognormal(median: ComputeRate(20_000_000_000), sigma: 0.9),
    memory: .uniform(low: ByteCount(2_000_000_000), high: ByteCount(8_000_000_000)),
    download: .lognormal(median: BitRate(100_000_000), sigma: 0.5),
    upload: .uniform(low: BitRate(1_000_000), high: BitRate(15_000_000)),
    rtt: .lognormal(median: .milliseconds(30), sigma: 0.3), dropout: 0.08)

  static func profile(of deviceClass: DeviceClass) throws -> DeviceProfile {
    var alone = deviceClass
    alone.share = 1
    return try Fleet(count: 1, classes: [alone], seed: 0).profile(of: 0)
  }
}
