import EventSimulation
import Foundation
import Testing

@testable import Fleet

struct FleetTests {
  @Test func `a device is a pure function of the seed and its id`() throws {
    let fleet = try Fleet(count: 1_000, classes: [Samples.drawn], seed: 7)
    let again = try Fleet(count: 1_000, classes: [Samples.drawn], seed: 7)
    let forwards = (0..<1_000).map { fleet.profile(of: $0) }
    let backwards = (0..<1_000).reversed().map { again.profile(of: $0) }
    #expect(forwards == backwards.reversed())
    let other = try Fleet(count: 1_000, classes: [Samples.drawn], seed: 8)
    #expect(other.profile(of: 3).compute != fleet.profile(of: 3).compute)
  }

  @Test func `adding a device changes no other device`() throws {
    let classes = [Samples.flagship, Samples.budget]
    let small = try Fleet(count: 50, classes: classes, seed: 7)
    let large = try Fleet(count: 51, classes: classes, seed: 7)
    for id in 0..<50 { #expect(small.profile(of: id) == large.profile(of: id)) }
  }

  @Test func `changing a value in one class changes nothing else`() throws {
    var varied = Samples.drawn
    varied.share = 0.5
    var plain = Samples.drawn
    (plain.name, plain.share) = ("plain", 0.5)
    let before = try Fleet(count: 200, classes: [varied, plain], seed: 7)
    varied.compute = .fixed(ComputeRate(1))
    varied.memory = .lognormal(median: ByteCount(10_000), sigma: 1)
    let after = try Fleet(count: 200, classes: [varied, plain], seed: 7)
    for id in 0..<200 {
      let (old, new) = (before.profile(of: id), after.profile(of: id))
      #expect(old.classIndex == new.classIndex)
      if old.classIndex == 1 { #expect(old == new) }
      #expect(old.download == new.download)
      #expect(old.upload == new.upload)
      #expect(old.rtt == new.rtt)
    }
  }

  @Test func `any device of a fleet of a billion can be queried`() throws {
    let classes = [Samples.flagship, Samples.budget]
    let fleet = try Fleet(count: 1_000_000_000, classes: classes, seed: 3)
    for id in [0, 1, 123_456_789, 999_999_998, 999_999_999] {
      let profile = fleet.profile(of: id)
      #expect(profile.id == id)
      #expect(profile.className == classes[profile.classIndex].name)
    }
    #expect(fleet.deviceCount(ofClass: 0) == 200_000_000)
    #expect(fleet.deviceCount(ofClass: 1) == 800_000_000)
  }

  @Test func `a device has the values of its class`() throws {
    let profile = try Samples.profile(of: Samples.budget)
    #expect(profile.compute == ComputeRate(8_000_000_000))
    #expect(profile.memory == ByteCount(2_000_000_000))
    #expect(profile.download == BitRate(20_000_000))
    #expect(profile.upload == BitRate(4_000_000))
    #expect(profile.rtt == .milliseconds(60))
    #expect(profile.dropout == 0.1)
  }

  @Test func `quantities of one device are drawn independently`() throws {
    let fleet = try Fleet(count: 4_000, classes: [Samples.drawn], seed: 1)
    let signs = (0..<4_000).map { id in
      let profile = fleet.profile(of: id)
      return (profile.compute.operationsPerSecond > 20_000_000_000)
        == (profile.download.bitsPerSecond > 100_000_000)
    }
    #expect(abs(signs.count { $0 } - 2_000) < 4 * 32, "four standard errors")
  }

  @Test func `all errors in a fleet are reported at once`() {
    var wrong = Samples.flagship
    wrong.dropout = 1.5
    wrong.compute = .lognormal(median: ComputeRate(5), sigma: -1)
    var same = Samples.flagship
    same.share = .nan
    let faults = Fleet.faults(count: 0, classes: [wrong, same])
    #expect(
      faults.map(\.key) == [
        "devices", "classes[0].dropout", "classes[0].compute", "classes[1].share",
        "classes[1].name", "classes",
      ])
    #expect(faults[1].reason == "dropout is a number from 0 to 1, not 1.5")
    #expect(throws: faults[0]) { try Fleet(count: 0, classes: [wrong, same], seed: 1) }
    #expect(Fleet.faults(count: 1, classes: []).map(\.key) == ["classes"])
  }

  @Test func `shares may deviate from a sum of one by rounding`() {
    var classes = ["a", "b", "c"].map { name in
      var third = Samples.budget
      (third.name, third.share) = (name, 0.333)
      return third
    }
    #expect(Fleet.faults(count: 10, classes: classes).isEmpty)
    classes[0].share = 0.3
    #expect(Fleet.faults(count: 10, classes: classes).count == 1)
  }

  @Test func `classes and profiles are preserved when saved and loaded`() throws {
    let classes = [Samples.flagship, Samples.drawn]
    let written = try JSONEncoder().encode(classes)
    #expect(try JSONDecoder().decode([DeviceClass].self, from: written) == classes)
    let profile = try Samples.profile(of: Samples.drawn)
    let text = try JSONEncoder().encode(profile)
    #expect(try JSONDecoder().decode(DeviceProfile.self, from: text) == profile)
  }
}
