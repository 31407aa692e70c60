import EventSimulation
import Fleet

@testable import DeviceTasks

/// An engine whose observer and ledger record everything.
final class EngineRun: TaskObserver, CostBook {
  private(set) var engine: TaskEngine!
  private(set) var log: [String] = []
  private(set) var entries: [CostEntry] = []
  private(set) var ended: [InFlightTask] = []

  static let work = TaskWork(
    download: ByteCount(1_000), training: FLOPCount(2_000), upload: ByteCount(3_000))

  /// 8 kbit/s each way, so that a byte takes a millisecond, as does an operation.
  static func deviceClass(
    dropout: Double = 0, power: PowerUse? = nil, battery: Battery? = nil
  ) -> DeviceClass {
    DeviceClass(
      name: "phone", share: 1, compute: .fixed(ComputeRate(1_000)),
      memory: .fixed(ByteCount(100)), download: .fixed(BitRate(8_000)),
      upload: .fixed(BitRate(8_000)), rtt: .fixed(.milliseconds(100)), dropout: dropout,
      power: power, battery: battery)
  }

  private let fleet: Fleet

  init(
    _ deviceClass: DeviceClass = EngineRun.deviceClass(), devices: Int = 4,
    availability: Availability = .always, interruption: TaskEngine.Interruption = .pause,
    download: BitRate? = nil, upload: BitRate? = nil, outages: Outages? = nil
  ) throws {
    fleet = try Fleet(count: devices, classes: [deviceClass], seed: 3)
    engine = TaskEngine(
      TaskEngine.Environment(
        availability: availability, interruption: interruption, download: download,
        upload: upload, seed: 3, tracksBusyDevices: true, outages: outages), self, self)
  }

  func profile(_ device: Int) -> DeviceProfile { fleet.profile(of: device) }

  func need(peak: Int = 100) -> TaskNeed {
    TaskNeed(
      setup: TaskSetup(plan: .reference, batchSize: 1, lora: nil), samples: 7,
      peak: ByteCount(peak))
  }

  func timeline(_ device: Int, at time: SimulationTime) -> TaskTimeline {
    TaskTimeline(profile: profile(device), start: time, work: Self.work)
  }

  @discardableResult
  func start(
    _ device: Int, peak: Int = 100, taskSeed: Int = 1, at time: SimulationTime = .zero
  ) -> TaskAdmission {
    engine.start(
      profile(device), need(peak: peak), baseVersion: 0, taskSeed: taskSeed, at: time
    ) { timeline(device, at: time) }
  }

  func couldEverStart(_ device: Int, peak: Int = 100, after time: SimulationTime = .zero) -> Bool {
    engine.couldEverStart(profile(device), need(peak: peak), after: time) {
      timeline(device, at: time)
    }
  }

  func runToEnd() throws { while try engine.step() {} }

  /// Handles the events up to an instant.
  func run(to time: SimulationTime) throws {
    while let next = engine.state.schedule.nextTime, next <= time { _ = try engine.step() }
  }

  func booked(_ phase: TaskPhase) -> Int {
    entries.filter { $0.phase == phase }.reduce(0) { $0 + $1.amount }
  }

  // MARK: Engine callbacks

  func book(_ entry: CostEntry) { entries.append(entry) }

  func phaseEnded(_ phase: TaskPhase, _ task: Int, at time: SimulationTime) {
    log.append("\(time.sinceStart.nanoseconds / 1_000_000) \(task) \(phase)")
  }

  func completed(_ task: Int, at time: SimulationTime) throws {
    log.append("\(time.sinceStart.nanoseconds / 1_000_000) \(task) completed")
    ended.append(engine.remove(task))
  }

  func failed(_ task: Int, _ failure: TaskFailure, at time: SimulationTime) throws {
    let phase = engine.state.tasks[task].phase
    let words = failure == .outage ? "outage" : "lost"
    log.append("\(time.sinceStart.nanoseconds / 1_000_000) \(task) \(words) in \(phase)")
    ended.append(engine.remove(task))
  }

  func alarm(_ alarm: Alarm, at time: SimulationTime) throws {
    log.append("\(time.sinceStart.nanoseconds / 1_000_000) alarm \(alarm.kind) \(alarm.number)")
  }
}

extension SimulationTime {
  static func milliseconds(_ count: Int64) -> Self { .zero + .milliseconds(count) }
}
