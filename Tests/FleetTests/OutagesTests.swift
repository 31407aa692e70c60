import EventSimulation
import Foundation
import Storage
import Testing

@testable import Fleet

struct OutagesTests {
  /// Devices of even and odd numbers.
  private struct Parities: DeviceGroups {
    var column = "class"
    let names = ["even", "odd"]
    func group(of device: Int) -> Int? { device % 2 }
  }

  private struct Edges: DeviceGroups {
    let column = "edge"
    let names = ["0", "1", "2"]
    /// The last device has no edge.
    func group(of device: Int) -> Int? { device < 9 ? device / 3 : nil }
  }

  private func outages(_ text: String, _ groups: [any DeviceGroups] = [Parities()]) throws
    -> Outages
  {
    try TableText.read(text) { try Outages(csv: $0, known: groups) }
  }

  private static func time(_ seconds: Double) -> SimulationTime {
    SimulationTime(nanoseconds: Int64(seconds * 1e9))
  }

  private static func session(_ start: Double, _ end: Double) -> Session {
    Session(start: time(start), end: time(end))
  }

  @Test func `a row has the devices of its group offline; rows that touch are one outage`() throws {
    let outages = try outages("class,start_s,end_s\nodd,30,40\neven,5,6.5\nodd,10,20\nodd,20,25\n")
    #expect(outages.spans(of: 0) == [Self.session(5, 6.5)])
    #expect(outages.spans(of: 3) == [Self.session(10, 25), Self.session(30, 40)])
    #expect(outages.start(after: .zero) == Self.time(5))
    #expect(outages.start(after: Self.time(5)) == Self.time(10))
    #expect(outages.start(after: Self.time(10)) == Self.time(30))
    #expect(outages.start(after: Self.time(30)) == nil)
    #expect(outages.begins(for: 3, at: Self.time(10)) && !outages.begins(for: 2, at: Self.time(10)))
    #expect(!outages.begins(for: 3, at: Self.time(20)))
  }

  @Test func `groups of another kind are named in a column of their own`() throws {
    let outages = try outages(
      "start_s,end_s,class,edge\n0,2,odd,\n1,5,,0\n4,6,,2\n", [Parities(), Edges()])
    #expect(outages.spans(of: 1) == [Self.session(0, 5)])
    #expect(outages.spans(of: 2) == [Self.session(1, 5)])
    #expect(outages.spans(of: 4) == [])
    #expect(outages.spans(of: 7) == [Self.session(0, 2), Self.session(4, 6)])
    #expect(outages.spans(of: 10) == [])
  }

  @Test(arguments: [
    ("start_s,end_s,edge\n0,1,3\n", "the devices of this scenario do not belong to any edge"),
    ("start_s,end_s\n0,1\n", "does not say which devices are offline; add a column class"),
    ("start_s,end_s,class\n1,1,odd\n", ":2: expected the start and the later end of an outage"),
    ("start_s,end_s,class\n1,soon,odd\n", ":2: expected the start and the later end of an outage"),
    ("start_s,end_s,class\n0,1,blue\n", ":2: there is no class \"blue\"; there are even, odd"),
    ("start_s,end_s,class\n0,1,\n", ":2: an outage names one group of devices, in class"),
    ("start_s,end_s,region\n0,1,odd\n", "has a column \"region\", which is unknown"),
  ])
  func `an invalid outage is rejected with its line`(text: String, message: String) throws {
    do {
      _ = try outages(text)
      Issue.record("it was read")
    } catch let fault as TableFault {
      #expect(fault.description.contains(message), "\(fault)")
    }
  }

  /// There from 10 s to 20 s and from 50 s to 60 s, or always.
  @Test func `outages are taken out of sessions`() {
    let trace = AvailabilityTrace(
      [[Self.session(10, 20), Self.session(50, 60)]], period: nil)
    func sessions(_ availability: Availability, _ outages: [(Double, Double)]) -> [[Double]] {
      let device = DeviceAvailability(
        availability, device: 0, seed: 1, outages: outages.map { Self.session($0.0, $0.1) })
      var (now, found) = (SimulationTime.zero, [[Double]]())
      while let session = device.session(after: now) {
        found.append([
          session.start.seconds, session.end < .distantFuture ? session.end.seconds : -1,
        ])
        now = session.end
      }
      return found
    }
    #expect(sessions(.trace(trace), [(12, 13)]) == [[10, 12], [13, 20], [50, 60]])
    #expect(sessions(.trace(trace), [(5, 12), (18, 55)]) == [[12, 18], [55, 60]])
    #expect(sessions(.trace(trace), [(10, 20)]) == [[50, 60]])
    #expect(sessions(.trace(trace), [(0, 100)]) == [])
    #expect(
      sessions(.trace(trace), [(11, 12), (14, 15), (59, 61)]) == [
        [10, 11], [12, 14], [15, 20], [50, 59],
      ])
    #expect(sessions(.always, [(3, 4)]) == [[0, 3], [4, -1]])
    #expect(sessions(.always, [(0, 4)]) == [[4, -1]])
  }

  @Test func `the time that passes for a device leaves its outages out`() {
    let device = DeviceAvailability(
      .always, device: 0, seed: 1, outages: [Self.session(10, 20), Self.session(30, 31)])
    #expect(device.instant(after: .seconds(5), from: Self.time(8)) == Self.time(23))
    #expect(device.instant(after: .seconds(2), from: Self.time(8)) == Self.time(10))
    #expect(device.active(from: Self.time(8), to: Self.time(40)) == .seconds(21))
    #expect(
      [9.999, 10, 19.999, 20].map { device.isOnline(at: Self.time($0)) } == [
        true, false, false, true,
      ])
    #expect(!device.isLasting)
    #expect(device.session(after: .distantFuture) == nil)
  }

  @Test(arguments: 0..<50)
  func `a device is online where its sessions are and no outage is`(number: Int) {
    let pattern = SessionPattern(
      every: .seconds(100), length: .lognormal(median: .seconds(50), sigma: 0.8))
    let plain = DeviceAvailability(.sessions(pattern), device: number, seed: 2)
    let outages = (0..<6).map {
      Self.session(Double(70 * $0 + number), Double(70 * $0 + 2 * number + 1))
    }
    let device = DeviceAvailability(
      .sessions(pattern), device: number, seed: 2, outages: outages.joined)
    var active = SimulationDuration.zero
    for second in 0..<600 {
      let time = Self.time(Double(second))
      let isOut = outages.contains { $0.start <= time && time < $0.end }
      #expect(device.isOnline(at: time) == (plain.isOnline(at: time) && !isOut))
      // Second by second, the edges of outages being whole seconds.
      if !isOut { active += plain.active(from: time, to: Self.time(Double(second + 1))) }
    }
    #expect(device.active(from: .zero, to: Self.time(600)) == active)
  }
}
