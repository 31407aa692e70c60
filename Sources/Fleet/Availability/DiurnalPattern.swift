import EventSimulation
import Foundation
import Randomness

/// Devices whose availability depends on the local hour, mostly online at night while charging.
///
/// The day is divided into slots. In the slot whose midpoint is h hours into the device's local
/// day, it is online with probability
///
///     p(h) = min(1, scale * (1 + a cos(2 pi (h - peak) / 24))),  a = (swing - 1) / (swing + 1),
///
/// with the scale for which the mean of p over all slots is `mean`. If no slot's probability
/// reaches 1, the scale is `mean` itself, and p at the peak is `swing` times p at the trough;
/// Bonawitz et al., "Towards Federated Learning at Scale", 2019, report a swing of 4. If the curve
/// is clipped at 1, the scale is larger, so that the other slots compensate: `swing` is then the
/// ratio before clipping, and p at the peak is 1 / (scale (1 - a)) times p at the trough, which is
/// less.
///
/// Consecutive slots form one session. Every device has its own time zone, drawn uniformly from 0
/// to `zones`.
public struct DiurnalPattern: Hashable, Sendable {
  /// The mean share of devices that are online, above 0 and below 1.
  public let mean: Double
  /// The ratio of peak to trough before clipping at 1; at least 1.
  public let swing: Double
  /// The local time at which most devices are online.
  public let peak: SimulationDuration
  /// Above zero and below a day, which need not be a multiple of it.
  public let slot: SimulationDuration
  public let zones: SimulationDuration
  /// The factor of the curve.
  private let scale: Double

  /// - Precondition: the values are in the ranges of the properties.
  /// - Complexity: O(n log n) in the slots of a day if the curve is clipped at 1, considering at
  ///   most 86,400 of them; O(1) otherwise.
  public init(
    mean: Double, swing: Double, peak: SimulationDuration, slot: SimulationDuration,
    zones: SimulationDuration
  ) {
    let fault = Self.fault(mean: mean, swing: swing, peak: peak, slot: slot, zones: zones)
    precondition(fault == nil, fault ?? "")
    self.mean = mean
    self.swing = swing
    self.peak = peak
    self.slot = slot
    self.zones = zones
    scale = Self.scale(mean: mean, amplitude: Self.amplitude(swing), peak: peak, slot: slot)
  }

  /// The share of devices that are online `hours` into their day.
  package func probability(atHour hours: Double) -> Double {
    min(1, scale * Self.curve(atHour: hours, amplitude: Self.amplitude(swing), peak: peak))
  }

  func session(of device: Int, after time: SimulationTime, seed: UInt64) -> Session? {
    let offset = zone(of: device, seed: seed)
    let local = time.nanoseconds + offset
    var number = local / slot.nanoseconds
    let last = number + Self.slotLimit
    while !isThere(device, slot: number, seed) {
      number += 1
      if number == last { return nil }
    }
    let first = number
    while number < last, isThere(device, slot: number, seed) { number += 1 }
    func start(_ number: Int64) -> SimulationTime {
      SimulationTime(nanoseconds: number * slot.nanoseconds - offset)
    }
    return Session(start: start(first), end: start(number))
  }

  /// The number of slots to look ahead: a device offline for longer counts as permanently offline.
  private static let slotLimit: Int64 = 100_000

  private func zone(of device: Int, seed: UInt64) -> Int64 {
    guard zones > .zero else { return 0 }
    var stream = RandomStream(seed: seed, purpose: "time zone", device)
    return Int64(stream.integer(below: Int(zones.nanoseconds)))
  }

  private func isThere(_ device: Int, slot number: Int64, _ seed: UInt64) -> Bool {
    var stream = RandomStream(seed: seed, purpose: "diurnal", device, Int(number))
    let middle = (Double(number) + 0.5) * slot.seconds / 3600
    return stream.uniform() < probability(atHour: middle.truncatingRemainder(dividingBy: 24))
  }
}

// MARK: - The curve

extension DiurnalPattern {
  private static func amplitude(_ swing: Double) -> Double { (swing - 1) / (swing + 1) }

  /// 1 + a cos(2 pi (h - peak) / 24), whose mean over the day is 1.
  private static func curve(
    atHour hours: Double, amplitude: Double, peak: SimulationDuration
  ) -> Double {
    let angle = 2 * Double.pi * (hours - peak.seconds / 3600) / 24
    return 1 + amplitude * cos(angle)
  }

  /// The number s for which the mean of min(1, s c) is `mean`, over the values c of the curve at
  /// the midpoints of all slots.
  ///
  /// With the k largest of n values clipped, the mean is (k + s (sum of the others)) / n, which
  /// gives s; the right k is the smallest for which no other value is above 1 / s. One always
  /// exists, since all values are positive and the mean is below 1.
  private static func scale(
    mean: Double, amplitude: Double, peak: SimulationDuration, slot: SimulationDuration
  ) -> Double {
    // The mean of the cosine over evenly spaced points is zero.
    guard mean * (1 + amplitude) > 1 else { return mean }
    let values = middles(of: slot).map { curve(atHour: $0, amplitude: amplitude, peak: peak) }
      .sorted()
    guard mean * values[values.count - 1] > 1 else { return mean }
    // Summed in ascending order, so that sums of a few small values keep their precision.
    var sums = [0.0]
    for value in values { sums.append(sums[sums.count - 1] + value) }
    for left in (1...values.count).reversed() {
      let cut = Double(values.count - left)
      let scale = (mean * Double(values.count) - cut) / sums[left]
      if scale * values[left - 1] <= 1 { return scale }
    }
    preconditionFailure("a mean below 1 leaves a slot that is not cut")
  }

  /// The hours of the midpoints of the slots of all days, without duplicates.
  ///
  /// Slots that do not divide the day are shifted on the next one. Over all days their midpoints
  /// are evenly spaced by the greatest common divisor of slot and day. If that is below a second,
  /// one midpoint per second of the day is used, which changes the mean by less than one part in a
  /// million.
  private static func middles(of slot: SimulationDuration) -> [Double] {
    let spacing = greatestCommonDivisor(slot.nanoseconds, day)
    let isListed = day / spacing <= mostMiddles
    let count = isListed ? day / spacing : mostMiddles
    let first = isListed ? Double(slot.nanoseconds / 2 % spacing) : 0
    return (0..<count).map { (first + Double($0) * Double(day) / Double(count)) / 3600e9 }
  }

  private static let mostMiddles: Int64 = 86_400
  private static let day: Int64 = 24 * 3_600_000_000_000

  private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  private static func fault(
    mean: Double, swing: Double, peak: SimulationDuration, slot: SimulationDuration,
    zones: SimulationDuration
  ) -> String? {
    if !(mean > 0 && mean < 1) { return "the mean is above 0 and below 1, not \(mean)" }
    if !(swing >= 1 && swing.isFinite) { return "the swing is a number from 1 up, not \(swing)" }
    if slot <= .zero || slot.nanoseconds >= day {
      return "a slot is longer than nothing and shorter than a day"
    }
    if peak < .zero || zones < .zero { return "peak and zones are not negative" }
    return nil
  }
}

// MARK: - Codable

/// Encoded as the initial values; the scale is derived from them.
extension DiurnalPattern: Codable {
  private enum CodingKeys: String, CodingKey { case mean, swing, peak, slot, zones }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode(Double.self, forKey: .mean)
    let swing = try container.decode(Double.self, forKey: .swing)
    let peak = try container.decode(SimulationDuration.self, forKey: .peak)
    let slot = try container.decode(SimulationDuration.self, forKey: .slot)
    let zones = try container.decode(SimulationDuration.self, forKey: .zones)
    if let fault = Self.fault(mean: mean, swing: swing, peak: peak, slot: slot, zones: zones) {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: fault))
    }
    self.init(mean: mean, swing: swing, peak: peak, slot: slot, zones: zones)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(swing, forKey: .swing)
    try container.encode(peak, forKey: .peak)
    try container.encode(slot, forKey: .slot)
    try container.encode(zones, forKey: .zones)
  }
}
