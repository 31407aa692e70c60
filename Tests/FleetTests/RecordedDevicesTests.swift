import EventSimulation
import Foundation
import Storage
import Testing

@testable import Fleet

struct RecordedDevicesTests {
  private static let classes = [
    DeviceClass(
      name: "phone", share: 0.5,
      compute: .lognormal(median: ComputeRate(1_000_000_000), sigma: 0.5),
      memory: .uniform(low: ByteCount(1_000), high: ByteCount(9_000)),
      download: .fixed(BitRate(8_000_000)), upload: .fixed(BitRate(1_000_000)),
      rtt: .fixed(.milliseconds(20)), dropout: 0.1, utilisation: 0.5,
      hazard: HazardRates(download: 1, training: 2, upload: 0.25), heat: nil,
      power: PowerUse(
        computing: Power(microwatts: 4_000_000), sending: Power(microwatts: 1_500_001),
        receiving: Power(microwatts: 1_000_000), idle: Power(microwatts: 100_000)),
      battery: Battery(capacity: Energy(microjoules: 50_000_000_001), reserve: 0.1),
      bfloat16Compute: .lognormal(median: ComputeRate(2_000_000_000), sigma: 0.5)),
    DeviceClass(
      name: "plug, \"mains\"", share: 0.5, compute: .fixed(ComputeRate(7)),
      memory: .fixed(ByteCount(70)), download: .fixed(BitRate(700)), upload: .fixed(BitRate(70)),
      rtt: .fixed(SimulationDuration(nanoseconds: 1_234_567_891)), dropout: 0,
      jitter: .fixed(.milliseconds(3)), loss: PacketLoss(0.003),
      memoryBandwidth: .fixed(MemoryBandwidth(1_000)), kernelOverhead: .fixed(.milliseconds(1)),
      heat: HeatLimit(after: .seconds(60), speed: 0.625)),
  ]

  private func devices(_ text: String) throws -> RecordedDevices {
    try TableText.read(text) { try RecordedDevices(csv: $0, classes: Self.classes) }
  }

  private func fleet(_ text: String) throws -> Fleet {
    Fleet(try devices(text), classes: Self.classes, seed: 3)
  }

  @Test func `values that a row omits are drawn from its class, as for the fleet's own devices`()
    throws
  {
    let drawn = try Fleet(count: 40, classes: Self.classes, seed: 3)
    let rows = (0..<40).map { id in
      let name = drawn.profile(of: id).className
      return "\"\(name.replacing("\"", with: "\"\""))\"\n"
    }
    let recorded = try fleet("device_class\n" + rows.joined())
    #expect(recorded.count == 40)
    #expect((0..<40).allSatisfy { recorded.profile(of: $0) == drawn.profile(of: $0) })
    #expect([0, 1].map(recorded.deviceCount) == [0, 1].map(drawn.deviceCount))
  }

  @Test func `a row's values take the place of its class's`() throws {
    let fleet = try fleet(
      #"""
      device,device_class,compute_flops_per_s,memory_bytes,rtt_s,dropout,loss,heat_after_s,heat_speed,idle_w
      1,phone,3e9,,0.5,1,,,,0.25
      0,"plug, ""mains""",NA,12,NA,0.5,0.1,1.5,,
      2,phone,,,,,0.01,30,0.5,
      """#)
    let drawn = try Fleet(count: 3, classes: Self.classes, seed: 3)
    let (first, second, third) = (fleet.profile(of: 0), fleet.profile(of: 1), fleet.profile(of: 2))
    #expect(first.compute == ComputeRate(7) && first.memory == ByteCount(12))
    #expect(first.dropout == 0.5 && first.loss == PacketLoss(0.1))
    #expect(first.heat == HeatLimit(after: .milliseconds(1_500), speed: 0.625))
    #expect(first.rtt == SimulationDuration(nanoseconds: 1_234_567_891))
    // What is recorded is what the device reaches.
    #expect(second.compute == ComputeRate(3_000_000_000) && second.rtt == .milliseconds(500))
    #expect(second.power?.idle == Power(microwatts: 250_000))
    #expect(second.power?.sending == Power(microwatts: 1_500_001))
    #expect(third.heat == HeatLimit(after: .seconds(30), speed: 0.5))
    #expect(third.download == BitRate(8_000_000) && third.dropout == 0.1)
    #expect(fleet.deviceCount(ofClass: 0) == 2 && drawn.count == 3)
  }

  @Test func `every quantity is written so that it reads back the same`() throws {
    let drawn = try Fleet(count: 25, classes: Self.classes, seed: 8)
    for id in 0..<25 {
      let profile = drawn.profile(of: id)
      for quantity in RecordedQuantity.allCases {
        guard let text = quantity.text(of: profile) else { continue }
        var copy = profile
        copy.set(quantity, to: try #require(quantity.number(text), "\(quantity) \(text)"))
        #expect(copy == profile, "\(quantity)")
      }
    }
  }

  @Test(arguments: [
    ("device\n0\n", "has no column device_class"),
    ("device_class,speed\nphone,1\n", "has a column \"speed\", which is unknown"),
    ("device_class\n", "contains no devices"),
    ("device_class\ntablet\n", ":2: there is no class \"tablet\"; the fleet's are phone"),
    ("device,device_class\n0,phone\n2,phone\n", "has 2 devices and a device 2"),
    ("device,device_class\n0,phone\n0,phone\n", "has two devices with the number 0"),
    ("device,device_class\nx,phone\n", ":2: expected a device number, 0 or more"),
    ("device_class,compute_flops_per_s\nphone,0\n", "compute_flops_per_s is a number above 0"),
    ("device_class,memory_bytes\nphone,-1\n", "memory_bytes is a number of at least 0"),
    ("device_class,dropout\nphone,1.5\n", "dropout is a number from 0.0 to 1.0, found \"1.5\""),
    ("device_class,rtt_s\nphone,inf\n", "rtt_s is a number of at least 0"),
    ("device_class,idle_w\n\"plug, \"\"mains\"\"\",1\n", ":2: computing_w is missing"),
    ("device_class,heat_speed\nphone,0.5\n", ":2: heat_after_s is missing"),
    (
      "device_class,battery_j,battery_reserve\n\"plug, \"\"mains\"\"\",1,0\n",
      ":2: the device has a battery but no power"
    ),
  ])
  func `an invalid table of devices is rejected with its line`(
    text: String, message: String
  ) throws {
    do {
      _ = try devices(text)
      Issue.record("it was read")
    } catch let fault as TableFault {
      #expect(fault.description.contains(message), "\(fault)")
    }
  }

  @Test func `a device of a class with a trace has no rates but the trace's means`() throws {
    var classes = Self.classes
    classes[0].bandwidthTrace = "lte.csv"
    for (rate, isRead) in [(8_000_000, true), (9_000_000, false)] {
      let text = "device_class,download_bps\nphone,\(rate)\n"
      let devices = try? TableText.read(text) { try RecordedDevices(csv: $0, classes: classes) }
      #expect((devices != nil) == isRead)
    }
  }
}
