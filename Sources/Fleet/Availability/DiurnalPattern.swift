import EventSimulation
import Foundation
import Randomness

/// Devices that are there by the hour of their day, most of them when they lie on a charger at night.
///
/// The day is cut into slots. In the slot whose middle is h hours into the device's local day, it is
/// there with probability
///
///     p(h) = min(1, mean * (1 + a cos(2 pi (h - peak) / 24))),  a = (swing - 1) / (swing + 1),
///
/// so that p at the peak is `swing` times p at the trough; Bonawitz et al., "Towards Federated Learning
/// at Scale", 2019, report a swing of 4. Slots that follow each other make one session. Every device
/// has a time zone of its own, drawn evenly from 0 to `zones`.
public struct DiurnalPattern: Hashable, Codable, Sendable {
  /// The mean part of the devices that are there, above 0 and below 1.
  public var mean: Double
  public var swing: Double
  /// The local time at which most devices are there.
  public var peak: SimulationDuration
  public var slot: SimulationDuration
  public var zones: SimulationDuration

  public init(
    mean: Double, swing: Double, peak: SimulationDuration, slot: SimulationDuration,
    zones: SimulationDuration
  ) {
    self.mean = mean
    self.swing = swing
    self.peak = peak
    self.slot = slot
    self.zones = zones
  }

  /// The part of the devices that are there `hours` into their day.
  package func probability(atHour hours: Double) -> Double {
    let amplitude = (swing - 1) / (swing + 1)
    let angle = 2 * Double.pi * (hours - peak.seconds / 3600) / 24
    return min(1, mean * (1 + amplitude * cos(angle)))
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

  /// How far ahead is looked: a device that is away for longer counts as gone.
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
