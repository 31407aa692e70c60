import EventSimulation
import Fleet

@testable import DeviceTasks

/// An engine on whose devices' links the rates change, each device in a class and with a trace of its own.
final class BandwidthRun: TaskObserver, CostBook {
  /// What a device downloads and uploads, and when it begins.
  struct Device {
    var start = SimulationTime.zero
    var download = 0
    var upload = 0
    var operations = 0
    /// When each rate begins in the cycle, counted from the start of the run, and what it is in bit/s.
    var down: [(start: SimulationDuration, rate: Int)]
    var up: [(start: SimulationDuration, rate: Int)]
    var period: SimulationDuration
  }

  private(set) var engine: TaskEngine!
  private(set) var entries: [CostEntry] = []
  /// When each task's download, training and upload ended, by device.
  private(set) var ends: [[TaskPhase: SimulationTime]]
  private(set) var failures: [Int: (phase: TaskPhase, failure: TaskFailure, time: SimulationTime)] =
    [:]
  private let devices: [Device]
  private let profile: DeviceProfile
  private let connection: Connection

  /// - Parameter isTraced: false for links that keep the rates' means.
  init(
    _ devices: [Device], deviceClass: DeviceClass = EngineRun.deviceClass(),
    availability: Availability = .always, interruption: TaskEngine.Interruption = .pause,
    download: BitRate? = nil, upload: BitRate? = nil, tcp: TCPSettings? = nil,
    handshakes: Int = 0, outages: Outages? = nil, isTraced: Bool = true, seed: UInt64 = 3
  ) throws {
    self.devices = devices
    ends = devices.map { _ in [:] }
    profile = try Fleet(count: 1, classes: [deviceClass], seed: 3).profile(of: 0)
    connection = Connection(handshakes: handshakes, tcp: tcp, seed: seed)
    // Rates that begin together with the run, wherever the device's draw has it start.
    let offsets = FleetBandwidth(
      devices.map { BandwidthTrace(download: $0.profile($0.down), upload: $0.profile($0.up)) },
      seed: seed)!
    let traces = devices.enumerated().map { device, given in
      let offset = offsets.offset(of: device, inClass: device)!
      return BandwidthTrace(
        download: given.profile(given.turned(given.down, by: offset)),
        upload: given.profile(given.turned(given.up, by: offset)))
    }
    engine = TaskEngine(
      TaskEngine.Environment(
        availability: availability, interruption: interruption, download: download,
        upload: upload, usesTCP: tcp != nil, seed: seed, tracksBusyDevices: true,
        bandwidth: isTraced ? FleetBandwidth(traces, seed: seed) : nil, outages: outages), self,
      self)
  }

  /// Starts all tasks in their turn, each when its device is there, and handles all events.
  ///
  /// - Parameter watch: called after each event.
  func runToEnd(_ watch: (SimulationTime) throws -> Void = { _ in }) throws {
    let starts = devices.indices.map { device in
      let session = engine.availability(of: device).session(after: devices[device].start)
      return max(devices[device].start, session!.start)
    }
    for device in devices.indices.sorted(by: { starts[$0] < starts[$1] }) {
      let start = starts[device]
      while let next = engine.state.schedule.nextTime, next <= start {
        _ = try engine.step()
        try watch(next)
      }
      begin(device, at: start)
    }
    try goOn(watch)
  }

  /// Starts the tasks of all devices that are there at first.
  func start() throws {
    for device in devices.indices { begin(device, at: .zero) }
  }

  /// Handles all events that are left.
  func goOn(_ watch: (SimulationTime) throws -> Void = { _ in }) throws {
    while try engine.step() { try watch(engine.state.schedule.now) }
  }

  private func begin(_ device: Int, at start: SimulationTime) {
    let given = devices[device]
    var profile = profile
    (profile.id, profile.classIndex) = (device, device)
    profile.download = given.profile(given.down).mean
    profile.upload = given.profile(given.up).mean
    let timeline = TaskTimeline(
      profile: profile, start: start,
      work: TaskWork(
        download: ByteCount(given.download), training: FLOPCount(given.operations),
        upload: ByteCount(given.upload)),
      links: connection.links(of: profile, task: 1))
    _ = engine.start(
      profile,
      TaskNeed(
        setup: TaskSetup(plan: .reference, batchSize: 1, lora: nil), samples: 1,
        peak: ByteCount(1)),
      baseVersion: 0, taskSeed: 1, at: start
    ) { timeline }
  }

  /// How long a transfer took, in seconds.
  func end(_ device: Int, _ phase: TaskPhase = .download) -> Double? {
    ends[device][phase]?.seconds
  }

  func booked(_ phase: TaskPhase) -> Int {
    entries.filter { $0.phase == phase }.reduce(0) { $0 + $1.amount }
  }

  // MARK: What the engine tells

  func book(_ entry: CostEntry) { entries.append(entry) }

  func phaseEnded(_ phase: TaskPhase, _ task: Int, at time: SimulationTime) {
    ends[engine.state.tasks.plan(of: task).client][phase] = time
  }

  func completed(_ task: Int, at time: SimulationTime) throws {
    ends[engine.state.tasks.plan(of: task).client][.upload] = time
    _ = engine.remove(task)
  }

  func failed(_ task: Int, _ failure: TaskFailure, at time: SimulationTime) throws {
    let client = engine.state.tasks.plan(of: task).client
    failures[client] = (engine.state.tasks[task].phase, failure, time)
    _ = engine.remove(task)
  }

  func alarm(_ alarm: Alarm, at time: SimulationTime) throws {}
}

extension BandwidthRun.Device {
  init(
    start: Double = 0, download: Int = 0, upload: Int = 0, operations: Int = 0,
    down: [(Double, Int)], up: [(Double, Int)] = [(0, 8_000)], period: Double
  ) {
    func steps(_ steps: [(Double, Int)]) -> [(start: SimulationDuration, rate: Int)] {
      steps.map { (SimulationDuration(nanoseconds: Int64($0.0 * 1e9)), $0.1) }
    }
    self.init(
      start: SimulationTime(nanoseconds: Int64(start * 1e9)), download: download, upload: upload,
      operations: operations, down: steps(down), up: steps(up),
      period: SimulationDuration(nanoseconds: Int64(period * 1e9)))
  }

  func profile(_ steps: [(start: SimulationDuration, rate: Int)]) -> BandwidthProfile {
    BandwidthProfile(steps, period: period)
  }

  /// The same rates for one who is so far in the cycle when the run starts.
  func turned(
    _ steps: [(start: SimulationDuration, rate: Int)], by offset: SimulationDuration
  ) -> [(start: SimulationDuration, rate: Int)] {
    var turned = steps.map { step in
      (
        start: SimulationDuration(
          nanoseconds: (step.start + offset).nanoseconds % period.nanoseconds),
        rate: step.rate
      )
    }.sorted { $0.start < $1.start }
    if turned[0].start > .zero { turned.insert((.zero, turned[turned.count - 1].rate), at: 0) }
    return turned
  }
}
