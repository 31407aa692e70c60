import EventSimulation
import Foundation
import Randomness
import Testing

@testable import Fleet

struct ComputeAndEnergyTests {
  private func profile(_ change: (inout DeviceClass) -> Void) throws -> DeviceProfile {
    var deviceClass = Samples.budget
    change(&deviceClass)
    return try Samples.profile(of: deviceClass)
  }

  @Test func `training reaches a fraction of the peak speed`() throws {
    #expect(try profile { $0.utilisation = 0.25 }.compute == ComputeRate(2_000_000_000))
  }

  /// 16e9 operations at 8 GFLOP/s take 2 s, and the device also waits for 3 s. Both progress
  /// equally: at 2.5 s, half of the operations are done.
  @Test func `operations and waiting progress equally`() throws {
    let pace = TrainingPace(try profile { _ in }, stall: .seconds(3))
    let work = FLOPCount(16_000_000_000)
    #expect(pace.duration(of: work) == .seconds(5))
    #expect(pace.work(of: work, after: .milliseconds(2500)) == FLOPCount(8_000_000_000))
    #expect(pace.work(of: work, after: .seconds(5)) == work)
    #expect(pace.work(of: work, after: .zero) == .zero)
  }

  /// 10 s of work: 4 s at full speed, and 6 s at half speed, which take 12.
  @Test func `a throttled device continues at reduced speed`() throws {
    let profile = try profile { $0.heat = HeatLimit(after: .seconds(4), speed: 0.5) }
    let pace = TrainingPace(profile, stall: .zero)
    let work = FLOPCount(80_000_000_000)
    #expect(pace.duration(of: work) == .seconds(16))
    #expect(pace.work(of: work, after: .seconds(4)) == FLOPCount(32_000_000_000))
    #expect(pace.work(of: work, after: .seconds(10)) == FLOPCount(56_000_000_000))
    #expect(pace.work(of: work, after: .seconds(16)) == work)
    #expect(pace.duration(of: FLOPCount(8_000_000_000)) == .seconds(1))
  }

  @Test func `energy is power times time, and waiting is idle`() {
    let use = PowerUse(
      computing: Power(microwatts: 4_000_000), sending: Power(microwatts: 1_500_000),
      receiving: Power(microwatts: 1_000_000), idle: Power(microwatts: 100_000))
    let latency = SimulationDuration.milliseconds(500)
    func joules(_ phase: TaskPhase, _ seconds: Int64, _ latency: SimulationDuration) -> Double {
      use.energy(in: phase, active: .seconds(seconds), latency: latency).joules
    }
    #expect(joules(.training, 10, .zero) == 40)
    #expect(joules(.download, 3, latency) == 0.05 + 2.5)
    #expect(joules(.upload, 3, latency) == 0.05 + 3.75)
    #expect(use.energy(in: .upload, active: .milliseconds(200), latency: latency).joules == 0.02)
  }

  @Test func `a battery allows tasks that preserve its reserve, depending on charge`() {
    let battery = Battery(capacity: Energy(microjoules: 100_000_000), reserve: 0.3)
    let task = Energy(microjoules: 20_000_000)
    let tries = 20_000
    let taken = (0..<tries).count { battery.affords(task, task: 1, device: $0, seed: 8) }
    #expect(abs(Double(taken) - 0.5 * Double(tries)) < 4 * (0.25 * Double(tries)).squareRoot())
    // A charge that suffices for more suffices for less.
    for device in 0..<500 where battery.affords(task, task: 1, device: device, seed: 8) {
      #expect(battery.affords(.zero, task: 1, device: device, seed: 8))
    }
  }

  @Test func `dropout times with a hazard are exponential`() {
    let rates = HazardRates(download: 0, training: 2, upload: 0.5)
    let dropout = Dropout(seed: 3)
    let tries = 20_000
    let hour = SimulationDuration.seconds(3600)
    for (phase, survival) in [(TaskPhase.training, exp(-2.0)), (.upload, exp(-0.5))] {
      let survived = (0..<tries).count {
        let time = rates.time(for: dropout.endurance(task: 5, device: $0), in: phase)
        return time.map { $0 > hour } ?? true
      }
      let expected = survival * Double(tries)
      #expect(abs(Double(survived) - expected) < 4 * expected.squareRoot())
    }
    #expect(rates.time(for: 1, in: .download) == nil)
    #expect(rates.time(for: rates.hazard(of: hour, in: .training), in: .training) == hour)
  }

  @Test func `empirical quantiles are joined by straight lines`() {
    let distribution = QuantityDistribution.quantiles([
      ByteCount(1000), ByteCount(2000), ByteCount(10_000),
    ])
    let draws = (0..<20_000).map {
      distribution.draw(from: RandomStream(seed: 6, purpose: "draw", $0)).bytes
    }
    #expect(draws.allSatisfy { (1000...10_000).contains($0) })
    for (limit, share) in [(1500, 0.25), (2000, 0.5), (6000, 0.75)] {
      let part = Double(draws.count { $0 < limit }) / 20_000
      #expect(abs(part - share) < 4 * (share * (1 - share) / 20_000).squareRoot() + 1e-3)
    }
    #expect(QuantityDistribution.quantiles([ByteCount(2), ByteCount(1)]).fault != nil)
    #expect(QuantityDistribution<ByteCount>.quantiles([]).fault != nil)
  }

  @Test func `a connection waits for its round trips plus jitter with the given mean`() throws {
    let connection = Connection(handshakes: 3, seed: 5)
    let steady = try profile { _ in }
    let links = connection.links(of: steady, task: 1)
    #expect(links.download == NetworkLink(rate: steady.download, latency: .milliseconds(180)))
    #expect(links.upload == NetworkLink(rate: steady.upload, latency: .milliseconds(180)))
    let shaky = try profile { $0.jitter = .fixed(.milliseconds(40)) }
    let waits = (0..<5000).flatMap { task in
      let links = connection.links(of: shaky, task: task)
      return [links.download.latency.seconds - 0.18, links.upload.latency.seconds - 0.18]
    }
    #expect(waits.allSatisfy { $0 >= 0 })
    let mean = waits.reduce(0, +) / 10_000
    #expect(abs(mean - 0.04) < 4 * 0.04 / 10_000.0.squareRoot())
  }
}
