import EventSimulation
import Foundation
import Storage
import Testing

@testable import Fleet

struct AvailabilityTests {
  private static func time(_ seconds: Int64) -> SimulationTime {
    SimulationTime(nanoseconds: seconds * 1_000_000_000)
  }

  private static func session(_ start: Int64, _ end: Int64) -> Session {
    Session(start: time(start), end: time(end))
  }

  /// Online from 10 s to 20 s and from 50 s to 55 s.
  private static let trace = AvailabilityTrace(
    [[session(50, 55), session(10, 20)]], period: nil)
  private let recorded = DeviceAvailability(.trace(trace), device: 0, seed: 1)

  @Test func `work interrupted by the end of a session continues in the next`() {
    let cases: [(active: Int64, from: Int64, end: Int64?)] = [
      (5, 0, 15), (10, 0, 20), (11, 0, 51), (4, 16, 20), (5, 16, 51), (9, 16, 55), (3, 30, 53),
      (16, 0, nil), (1, 60, nil), (0, 12, 12),
    ]
    for (active, from, end) in cases {
      #expect(
        recorded.instant(after: .seconds(active), from: Self.time(from)) == end.map(Self.time),
        "\(active) s from \(from) s")
    }
    #expect(recorded.lastEnd(after: Self.time(12)) == Self.time(55))
  }

  @Test func `online time is the overlap of sessions with an interval`() {
    let cases: [(from: Int64, to: Int64, active: Int64)] = [
      (0, 10, 0), (0, 15, 5), (12, 20, 8), (12, 49, 8), (12, 52, 10), (30, 99, 5), (60, 99, 0),
    ]
    for (from, to, active) in cases {
      #expect(recorded.active(from: Self.time(from), to: Self.time(to)) == .seconds(active))
    }
  }

  @Test func `a session includes its first instant but not its last`() {
    #expect(
      [9, 10, 19, 20, 50, 55].map { recorded.isOnline(at: Self.time($0)) } == [
        false, true, true, false, true, false,
      ])
  }

  @Test func `adjacent sessions are merged, and empty ones dropped`() {
    let trace = AvailabilityTrace(
      [[Self.session(5, 5), Self.session(1, 3), Self.session(3, 4), Self.session(2, 3)]],
      period: nil)
    #expect(trace.session(of: 0, after: .zero) == Self.session(1, 4))
    #expect(trace.session(of: 0, after: Self.time(4)) == nil)
  }

  @Test func `a recording with a period repeats`() {
    let trace = AvailabilityTrace(
      [
        [Self.session(10, 20)], [Self.session(0, 5), Self.session(90, 100)], [Self.session(0, 100)],
      ],
      period: .seconds(100))
    #expect(trace.session(of: 0, after: Self.time(720)) == Self.session(810, 820))
    #expect(trace.session(of: 3, after: Self.time(115)) == Self.session(110, 120))
    #expect(trace.session(of: 1, after: Self.time(130)) == Self.session(190, 205))
    let lasting = DeviceAvailability(.trace(trace), device: 2, seed: 0)
    #expect(lasting.instant(after: .seconds(1000), from: Self.time(7)) == Self.time(1007))
  }

  static let patterns: [Availability] = [
    .diurnal(
      DiurnalPattern(
        mean: 0.4, swing: 4, peak: .seconds(7200), slot: .seconds(600), zones: .seconds(86400))),
    .sessions(
      SessionPattern(
        every: .seconds(3600), length: .lognormal(median: .seconds(900), sigma: 1.2))),
    .trace(
      AvailabilityTrace(
        [[session(3, 90), session(400, 800)], [session(0, 77)]], period: .seconds(900))),
  ]

  @Test(arguments: patterns)
  func `sessions are in order, and looking ahead changes nothing`(pattern: Availability) {
    for device in 0..<20 {
      let presence = DeviceAvailability(pattern, device: device, seed: 9)
      var now = Self.time(100)
      var sessions: [Session] = []
      for _ in 0..<50 {
        guard let session = presence.session(after: now) else { break }
        #expect(session.end > now && session.start < session.end)
        if let last = sessions.last { #expect(session.start > last.end) }
        sessions.append(session)
        now = session.end
      }
      #expect(sessions.count == 50)
      // The answers are the same for queries in any order, including backwards.
      for (last, next) in zip(sessions, sessions.dropFirst()).reversed() {
        for time in [last.end, next.start, next.start + .seconds(1)] where time < next.end {
          #expect(presence.session(after: time)?.end == next.end)
          #expect(presence.isOnline(at: time) == (time >= next.start))
        }
      }
    }
  }

  @Test(arguments: patterns)
  func `work finishes when the required online time has passed`(
    pattern: Availability
  ) throws {
    for device in 0..<20 {
      let presence = DeviceAvailability(pattern, device: device, seed: 4)
      let start = Self.time(Int64(97 * device))
      for active in [1, 60, 3601, 20_000] as [Int64] {
        let end = try #require(presence.instant(after: .seconds(active), from: start))
        #expect(presence.active(from: start, to: end) == .seconds(active))
      }
    }
  }

  @Test(arguments: [0.0, 2, 8, 14, 20])
  func `at every hour, the share of online devices matches the curve`(hour: Double) {
    let pattern = DiurnalPattern(
      mean: 0.3, swing: 4, peak: .seconds(7200), slot: .seconds(3600), zones: .zero)
    let time = SimulationTime(nanoseconds: Int64((hour + 24 + 0.5) * 3600e9))
    let devices = 8000
    let there = (0..<devices).count {
      DeviceAvailability(.diurnal(pattern), device: $0, seed: 2).isOnline(at: time)
    }
    let expected = pattern.probability(atHour: hour + 0.5) * Double(devices)
    #expect(abs(Double(there) - expected) < 4 * expected.squareRoot())
  }

  @Test func `the peak has swing times as many devices as the trough`() {
    let pattern = DiurnalPattern(
      mean: 0.2, swing: 4, peak: .seconds(7200), slot: .seconds(3600), zones: .zero)
    #expect(abs(pattern.probability(atHour: 2) - 4 * pattern.probability(atHour: 14)) < 1e-12)
    #expect(abs(pattern.probability(atHour: 2) - 0.32) < 1e-12)
  }

  private static func diurnal(
    _ mean: Double, _ swing: Double, slot: SimulationDuration, zones: SimulationDuration = .zero
  ) -> DiurnalPattern {
    DiurnalPattern(mean: mean, swing: swing, peak: .seconds(7200), slot: slot, zones: zones)
  }

  /// The probability of each slot over a number of days, as used to draw sessions.
  private static func probabilities(_ pattern: DiurnalPattern, days: Int) -> [Double] {
    let slots = Int((Double(days) * 86_400 / pattern.slot.seconds).rounded())
    return (0..<slots).map { number in
      let middle = (Double(number) + 0.5) * pattern.slot.seconds / 3600
      return pattern.probability(atHour: middle.truncatingRemainder(dividingBy: 24))
    }
  }

  /// A day has 24, 144 or 96 of the first three slots; 7 s, 50 min and 1 h minus 1 s do not divide it, and
  /// the number of days is a multiple of each of them.
  @Test(
    arguments: [(0.25, 4), (0.9, 4), (0.999, 1e6), (0.5, 1e6), (0.6, 1), (0.7, 2.5), (0.001, 50)],
    [(3600, 1), (600, 1), (900, 1), (7, 7), (3000, 5), (3599, 3599)] as [(Int64, Int)])
  func `over whole days, the mean probability is the given mean`(
    curve: (mean: Double, swing: Double), slot: (seconds: Int64, days: Int)
  ) {
    let pattern = Self.diurnal(curve.mean, curve.swing, slot: .seconds(slot.seconds))
    let all = Self.probabilities(pattern, days: slot.days)
    #expect(abs(all.reduce(0, +) / Double(all.count) - curve.mean) < 1e-9)
  }

  @Test func `fractional-second slots keep the mean too`() {
    let slot = SimulationDuration(nanoseconds: 3_141_592_653_589)
    for (mean, swing) in [(0.9, 4.0), (0.999, 1e6), (0.3, 4)] {
      let all = Self.probabilities(Self.diurnal(mean, swing, slot: slot), days: 4000)
      #expect(abs(all.reduce(0, +) / Double(all.count) - mean) < 1e-4)
    }
  }

  @Test(arguments: [(0.9, 4.0), (0.25, 4), (0.8, 20)])
  func `devices are online for the mean share of each day`(mean: Double, swing: Double) {
    let pattern = Self.diurnal(mean, swing, slot: .seconds(3600), zones: .seconds(86_400))
    let (devices, days) = (400, 20)
    let share =
      (0..<devices).reduce(0) { sum, device in
        let end = Self.time(Int64(days) * 86_400)
        return sum + DeviceAvailability(.diurnal(pattern), device: device, seed: 6)
          .active(from: .zero, to: end).seconds / 86_400
      } / Double(devices * days)
    // 192,000 slots, each drawn independently.
    #expect(abs(share - mean) < 5 * (mean * (1 - mean) / 192_000).squareRoot())
  }

  @Test func `if no slot reaches one, the curve has the mean as its scale and its full swing`() {
    let pattern = Self.diurnal(0.62, 4, slot: .seconds(3600))
    let amplitude = 3.0 / 5
    for hour in 0..<24 {
      let angle = 2 * Double.pi * (Double(hour) + 0.5 - 2) / 24
      #expect(
        pattern.probability(atHour: Double(hour) + 0.5) == 0.62 * (1 + amplitude * cos(angle)))
    }
  }

  @Test func `if the peak is clipped, other hours compensate, and the swing is smaller`() {
    let pattern = Self.diurnal(0.9, 4, slot: .seconds(3600))
    let all = Self.probabilities(pattern, days: 1)
    #expect(all.count { $0 == 1 } == 16)
    let ratio = all.max()! / all.min()!
    #expect(abs(ratio - 1.771496) < 1e-6)
    // Between unclipped hours the curve keeps its shape.
    func curve(_ hour: Double) -> Double { 1 + 0.6 * cos(2 * Double.pi * (hour - 2) / 24) }
    #expect(abs(all[13] / all[11] - curve(13.5) / curve(11.5)) < 1e-12)
  }

  @Test func `a pattern is saved as its parameters and read back`() throws {
    let pattern = Self.diurnal(0.9, 4, slot: .seconds(600))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = try encoder.encode(pattern)
    #expect(
      String(decoding: written, as: UTF8.self)
        == #"{"mean":0.9,"peak":7200000000000,"slot":600000000000,"swing":4,"zones":0}"#)
    #expect(try JSONDecoder().decode(DiurnalPattern.self, from: written) == pattern)
    for (key, value) in [("mean", "1"), ("swing", "0.5"), ("slot", "0")] {
      let text = String(decoding: written, as: UTF8.self)
        .replacing(try Regex("\"\(key)\":[0-9.]+"), with: "\"\(key)\":\(value)")
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(DiurnalPattern.self, from: Data(text.utf8))
      }
    }
  }

  @Test func `time zones spread the curve over the day`() {
    let pattern = DiurnalPattern(
      mean: 0.3, swing: 50, peak: .seconds(7200), slot: .seconds(3600), zones: .seconds(86400))
    let devices = 8000
    for hour in [1, 7, 13, 19] as [Int64] {
      let there = (0..<devices).count {
        DeviceAvailability(.diurnal(pattern), device: $0, seed: 3).isOnline(
          at: Self.time(hour * 3600))
      }
      #expect(abs(Double(there) - 0.3 * Double(devices)) < 4 * (0.3 * Double(devices)).squareRoot())
    }
  }

  @Test func `sessions have the drawn lengths, one per interval`() {
    let pattern = SessionPattern(every: .seconds(1000), length: .fixed(.seconds(250)))
    for device in 0..<50 {
      let presence = DeviceAvailability(.sessions(pattern), device: device, seed: 5)
      let active = presence.active(from: Self.time(1000), to: Self.time(201_000)).seconds
      #expect(abs(active - 50_000) <= 500)
    }
  }

  private func read(_ text: String, period: SimulationDuration? = nil) throws -> AvailabilityTrace {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try AvailabilityTrace(csv: file, period: period)
  }

  @Test func `a CSV file of sessions is read`() throws {
    let trace = try read("device,start_s,end_s\nb,1.5,2\na,0,9\nb,4,5\n")
    #expect(trace.deviceCount == 2)
    let half = SimulationTime(nanoseconds: 1_500_000_000)
    #expect(trace.session(of: 0, after: .zero) == Self.session(0, 9))
    #expect(trace.session(of: 1, after: .zero) == Session(start: half, end: Self.time(2)))
    #expect(trace.session(of: 3, after: Self.time(3)) == Self.session(4, 5))
  }

  @Test(arguments: [
    ("a,0,1\n", "device,start_s,end_s"), ("device,start_s,end_s\na,5,4\n", ":2:"),
    ("device,start_s,end_s\na,0,1\nb,x,4\n", ":3:"), ("device,start_s,end_s\n", "no session"),
    ("device,start_s,end_s\na,0,70\n", "period"), ("device,start_s,end_s\na,nan,70\n", ":2:"),
  ])
  func `an invalid file of sessions is rejected with a message`(text: String, part: String) throws {
    let error = #expect(throws: TableFault.self) { try read(text, period: .seconds(60)) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }
}
