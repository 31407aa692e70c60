import EventSimulation
import Foundation
import Storage
import TestSupport
import Testing

@testable import Fleet

struct BandwidthTraceTests {
  private func trace(_ text: String) throws -> BandwidthTrace {
    try TableText.read(text) { try BandwidthTrace(csv: $0) }
  }

  @Test(arguments: [
    "seconds,down_mbps,up_mbps\n0,8,1\n2,0,1\n5,16,2\n10,,\n",
    "\u{FEFF}seconds,down_mbps,up_mbps\r\n0,8,1\r\n2,0,1\r\n5,16,2\r\n10,,\r\n",
    "\"seconds\",\"down_mbps\",\"up_mbps\"\n0,8,1\n2,0,1\n5,16,2\n10,NA,NA\n",
    "\"\",\"up_mbps\",\"seconds\",\"down_mbps\"\n\"1\",1,0,8\n\"2\",1,2,0\n\"3\",2,5,16\n\"4\",NA,10,NA\n",
    "seconds,down_mbps,up_mbps\n100,8,1\n102,0.0,1e0\n105,16,2\n\n110,,",
  ])
  func `a trace is read as spreadsheets and R write it`(text: String) throws {
    let trace = try trace(text)
    let down = DeviceBandwidth(trace.download, offset: .zero)
    #expect(
      [0, 2, 4, 5, 9, 10].map { down.rate(at: .zero + .seconds($0)) / 1_000_000 } == [
        8, 0, 0, 16, 16, 8,
      ])
    #expect(trace.period == .seconds(10))
    #expect(trace.upload.mean == BitRate(1_500_000))
  }

  @Test func `without a last row the last rates hold as long as those before them`() throws {
    #expect(try trace("seconds,down_mbps,up_mbps\n0,8,1\n2,0,1\n5,16,2\n").period == .seconds(8))
    let constant = try trace("seconds,down_mbps,up_mbps\n0,8,1\n")
    #expect(constant.download.isConstant && constant.download.mean == BitRate(8_000_000))
  }

  @Test(arguments: [
    ("", "is empty; its first line is seconds,down_mbps,up_mbps"),
    ("seconds,down_mbps\n0,1\n", "has no column up_mbps"),
    ("seconds,down_mbps,up_mbps,loss\n0,1,1,0\n", "has a column \"loss\", which is unknown"),
    ("seconds,down_mbps,up_mbps,up_mbps\n0,1,1,0\n", "has the column up_mbps twice"),
    ("seconds,down_mbps,up_mbps\n", "contains no rates"),
    ("seconds,down_mbps,up_mbps\n0,1\n", ":2: the row has 2 fields, and the header 3"),
    ("seconds,down_mbps,up_mbps\n0,1,1\n0,2,2\n", ":3: expected seconds that ascend"),
    ("seconds,down_mbps,up_mbps\n0,1,1\nsoon,2,2\n", ":3: expected seconds that ascend"),
    ("seconds,down_mbps,up_mbps\n0,1,-1\n", ":2: expected rates in Mbit/s from 0"),
    ("seconds,down_mbps,up_mbps\n0,1,\n", ":2: expected rates in Mbit/s from 0"),
    ("seconds,down_mbps,up_mbps\n0,,\n", ":2: expected rates in Mbit/s from 0"),
    ("seconds,down_mbps,up_mbps\n0,1,nan\n", ":2: expected rates in Mbit/s from 0"),
    ("seconds,down_mbps,up_mbps\n0,1,1\n2,,\n3,1,1\n", ":4: a row follows the row without rates"),
    ("seconds,down_mbps,up_mbps\n0,1,0\n2,2,0\n", "up_mbps is 0 in all rows"),
    ("seconds,down_mbps,up_mbps\n0,1,1\n1e-12,2,2\n", "rows must be at least a nanosecond apart"),
  ])
  func `an invalid trace is rejected with its line`(text: String, message: String) throws {
    do {
      _ = try trace(text)
      Issue.record("it was read")
    } catch let fault as TableFault {
      #expect(fault.description.contains(message), "\(fault)")
    }
  }

  @Test func `each device starts at a place of its own, whatever the others are`() throws {
    let trace = try trace("seconds,down_mbps,up_mbps\n0,8,1\n600,16,2\n1000,,\n")
    let fleet = try #require(FleetBandwidth([trace, nil], seed: 4))
    let offsets = (0..<1_000).map { fleet.offset(of: $0, inClass: 0)! }
    #expect(fleet.offset(of: 0, inClass: 1) == nil && !fleet.isTraced(1))
    #expect(Set(offsets).count > 990 && offsets.allSatisfy { .zero <= $0 && $0 < .seconds(1_000) })
    // The mean of a thousand even draws from 0 to 1000 s lies within 4 standard errors of 500 s.
    let mean = offsets.reduce(0) { $0 + $1.seconds } / 1_000
    #expect(abs(mean - 500) < 4 * 288.7 / 1_000.0.squareRoot())
    #expect(
      offsets != (0..<1_000).map { FleetBandwidth([trace], seed: 5)!.offset(of: $0, inClass: 0)! })
    #expect(FleetBandwidth([nil, nil], seed: 4) == nil)
  }

  @Test func `a class with a trace has its mean rates`() throws {
    let trace = try trace("seconds,down_mbps,up_mbps\n0,8,1\n600,16,2\n1000,,\n")
    var deviceClass = DeviceClass(
      name: "phone", share: 1, compute: .fixed(ComputeRate(1)), memory: .fixed(ByteCount(1)),
      download: .fixed(BitRate(1)), upload: .fixed(BitRate(1)), rtt: .fixed(.zero), dropout: 0)
    deviceClass.bandwidthTrace = "lte.csv"
    let fleet = try Fleet(
      count: 5, classes: [deviceClass], seed: 1, traces: ["lte.csv": trace])
    #expect(fleet.profile(of: 3).download == BitRate(11_200_000))
    #expect(fleet.profile(of: 3).upload == BitRate(1_400_000))
    #expect(fleet.bandwidth != nil)
  }
}

/// A table of a test's own, as a file.
enum TableText {
  static func read<Value>(_ text: String, _ body: (URL) throws -> Value) throws -> Value {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try body(file)
  }
}
