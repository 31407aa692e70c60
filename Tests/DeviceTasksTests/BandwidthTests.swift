import EventSimulation
import Fleet
import Foundation
import Randomness
import TestSupport
import Testing

@testable import DeviceTasks

/// Transfers over links whose rates change: by hand, against SimGrid, and against themselves.
struct BandwidthTests {
  private typealias Device = BandwidthRun.Device

  /// 8 kbit/s is a byte a millisecond.
  @Test(arguments: [nil, BitRate(1_000_000)])
  func `a transfer over a changing link takes the time of its rates`(server: BitRate?) throws {
    // 2 s at 8 kbit/s: 2,000 bytes; 3 s of nothing; 5 s at 16 kbit/s: 10,000 bytes.
    let down = [(0.0, 8_000), (2, 0), (5, 16_000)]
    let up = [(0.0, 16_000), (4, 8_000), (5, 0)]
    let run = try BandwidthRun(
      [
        Device(download: 1_000, upload: 6_000, operations: 1_000, down: down, up: up, period: 10),
        Device(download: 3_000, upload: 8_000, operations: 500, down: down, up: up, period: 10),
        Device(start: 3, download: 24_000, upload: 1, down: down, up: up, period: 10),
      ], download: server, upload: server)
    try run.runToEnd()
    // Trains a second from 1 s; uploads from 2 s: 4,000 in 2 s, 1,000 in one, none until 10 s, 1,000 in half.
    #expect([run.end(0), run.end(0, .training), run.end(0, .upload)] == [1, 2, 10.5])
    // The last 1,000 bytes from 5 s in half a second; trains until 6 s; none until 10 s, then 2,000 a second.
    #expect([run.end(1), run.end(1, .training), run.end(1, .upload)] == [5.5, 6, 14])
    // 10,000 by 10 s, 2,000 by 12 s, 10,000 by 20 s, 2,000 by 22 s; and a byte at 16 kbit/s.
    #expect([run.end(2), run.end(2, .upload)] == [22, 22.0005])
    #expect(run.booked(.download) == 28_000 && run.booked(.upload) == 14_001)
  }

  /// The server has 12 kbit/s: 6 each up to 2 s; all for the second while the first has none; 6 each again from 4 s.
  @Test func `changing caps share the server's link max-min fairly`() throws {
    let run = try BandwidthRun(
      [
        Device(download: 4_500, down: [(0, 8_000), (2, 0), (4, 16_000)], period: 100),
        Device(download: 6_000, down: [(0, 12_000)], period: 100),
      ], download: BitRate(12_000))
    try run.runToEnd()
    // 1,500 bytes by 2 s, 4,500 by 4 s, the last 1,500 by 6 s.
    #expect(run.end(1) == 6)
    // 1,500 by 2 s, 3,000 by 6 s, the last 1,500 at 12 kbit/s.
    #expect(run.end(0) == 7)
  }

  @Test(arguments: [nil, BitRate(100_000)])
  func `the end of a session pauses a transfer while its rates keep changing`(server: BitRate?)
    throws
  {
    let sessions = AvailabilityTrace(
      [
        [
          Session(start: .zero, end: .milliseconds(1_000)),
          Session(start: .milliseconds(4_500), end: .distantFuture),
        ]
      ],
      period: nil)
    let run = try BandwidthRun(
      [Device(download: 3_000, down: [(0, 8_000), (2, 0), (4, 16_000)], period: 5)],
      availability: .trace(sessions), download: server)
    try run.runToEnd()
    // 1,000 by 1 s; 1,000 from 4.5 s to 5 s; 1,000 from 5 s to 6 s.
    #expect(run.end(0) == 6)
    let failing = try BandwidthRun(
      [Device(download: 3_000, down: [(0, 8_000), (2, 0), (4, 16_000)], period: 5)],
      availability: .trace(sessions), interruption: .fail, download: server)
    try failing.runToEnd()
    #expect(failing.failures[0]?.time == .milliseconds(1_000))
    #expect(failing.booked(.download) == 1_000)
  }

  /// What SimGrid says of a flow.
  private struct OracleFlow: Decodable {
    let start: Double
    let bytes: Int
    let period: Double
    let steps: [[Int]]
    let end: Double

    private enum CodingKeys: String, CodingKey {
      case start = "start_s"
      case bytes
      case period = "period_s"
      case steps
      case end = "end_s"
    }
  }

  private struct OracleCase: Decodable {
    let capacity: Int
    let flows: [OracleFlow]

    private enum CodingKeys: String, CodingKey {
      case capacity = "capacity_bps"
      case flows
    }
  }

  private static func cases() throws -> [OracleCase] {
    let file = Fixtures.directory.appending(path: "bandwidth/flows.json")
    return try JSONDecoder().decode([OracleCase].self, from: Data(contentsOf: file))
  }

  @Test(arguments: [true, false])
  func `flows end when SimGrid says, down and up`(isDownload: Bool) throws {
    let cases = try Self.cases()
    #expect(cases.count == 60)
    for (number, oracle) in cases.enumerated() {
      let devices = oracle.flows.map { flow in
        let steps = flow.steps.map { (Double($0[0]), $0[1]) }
        return isDownload
          ? Device(start: flow.start, download: flow.bytes, down: steps, period: flow.period)
          : Device(
            start: flow.start, upload: flow.bytes, down: [(0, 8)], up: steps,
            period: flow.period)
      }
      let run = try BandwidthRun(
        devices, deviceClass: Self.immediate,
        download: isDownload ? BitRate(oracle.capacity) : nil,
        upload: isDownload ? nil : BitRate(oracle.capacity))
      try run.runToEnd()
      for (device, flow) in oracle.flows.enumerated() {
        let end = try #require(run.end(device, isDownload ? .download : .upload))
        #expect(abs(end / flow.end - 1) < 1e-6, "case \(number), flow \(device)")
      }
    }
  }

  /// A class without latency.
  private static var immediate: DeviceClass {
    var deviceClass = EngineRun.deviceClass()
    deviceClass.rtt = .fixed(.zero)
    return deviceClass
  }

  private static func devices(_ number: Int, most: Int = 6) -> [Device] {
    var stream = RandomStream(seed: 31, purpose: "devices", number)
    func steps(_ period: Int) -> [(Double, Int)] {
      let starts = Set((0..<stream.integer(below: 5)).map { _ in stream.integer(below: period) })
      var steps = ([0] + starts.subtracting([0]).sorted()).map {
        (Double($0), 8_000 * stream.integer(below: 6))
      }
      steps[0].1 += 8_000
      return steps
    }
    return (0...stream.integer(below: most)).map { _ in
      let period = 1 + stream.integer(below: 12)
      return Device(
        start: Double(stream.integer(below: 10)), download: stream.integer(below: 30_000),
        upload: stream.integer(below: 30_000), operations: stream.integer(below: 3_000),
        down: steps(period), up: steps(period), period: Double(period))
    }
  }

  private static let sessions = Availability.sessions(
    SessionPattern(every: .seconds(7), length: .fixed(.seconds(4))))

  @Test(arguments: 0..<120)
  func `no byte is lost or made, and no link carries more than it can`(number: Int) throws {
    let devices = Self.devices(number)
    let capacity = number % 3 == 0 ? nil : BitRate(30_000)
    let run = try BandwidthRun(
      devices, availability: number % 2 == 0 ? .always : Self.sessions, download: capacity,
      upload: capacity)
    var (last, booked) = (SimulationTime.zero, [0, 0])
    try run.runToEnd { time in
      run.engine.bookProgress(at: time)
      let inFlight = run.engine.spentInFlight(at: time).work
      let now = [run.booked(.download), run.booked(.upload)]
      // What is booked of tasks in flight, and of those that have ended, which have moved all.
      let ended = devices.indices.filter { run.ends[$0][.upload] != nil }
      #expect(now[0] == inFlight.download.bytes + ended.reduce(0) { $0 + devices[$1].download })
      #expect(now[1] == inFlight.upload.bytes + ended.reduce(0) { $0 + devices[$1].upload })
      if let capacity {
        // Each flow may have had a part of a byte more before.
        let most = capacity.bytes(in: time - last).bytes + devices.count + 1
        #expect(now[0] - booked[0] <= most && now[1] - booked[1] <= most)
      }
      (last, booked) = (time, now)
    }
    #expect(booked[0] == devices.reduce(0) { $0 + $1.download })
    #expect(booked[1] == devices.reduce(0) { $0 + $1.upload })
    #expect(run.failures.isEmpty && run.ends.allSatisfy { $0[.upload] != nil })
  }

  /// The server has room for all, so that one way of reckoning works out each end and the other goes from change to
  /// change.
  @Test(arguments: 0..<80)
  func `a fast server link does not change the duration of a transfer`(number: Int) throws {
    let devices = Self.devices(1_000 + number)
    let tcp = number % 4 == 3 ? TCPSettings(window: ByteCount(20_000)) : nil
    var deviceClass = EngineRun.deviceClass()
    deviceClass.rtt = .fixed(.milliseconds(40 + Int64(number)))
    let ends = try [nil, BitRate(100_000_000)].map { capacity in
      let run = try BandwidthRun(
        devices, deviceClass: deviceClass,
        availability: number % 2 == 0 ? .always : Self.sessions, download: capacity,
        upload: capacity, tcp: tcp, handshakes: 1)
      try run.runToEnd()
      return run.ends
    }
    for (free, wide) in zip(ends[0], ends[1]) {
      for phase in TaskPhase.allCases {
        let (free, wide) = (try #require(free[phase]), try #require(wide[phase]))
        // A flow waits for the end of a nanosecond at each change on the server's link.
        #expect(abs((free - wide).nanoseconds) < 10_000, "\(phase)")
      }
    }
  }

  @Test(arguments: [nil, BitRate(40_000)])
  func `a trace of one rate is a link of that rate`(capacity: BitRate?) throws {
    var deviceClass = EngineRun.deviceClass(dropout: 0.5)
    deviceClass.hazard = HazardRates(download: 100, training: 0, upload: 100)
    let rate = (down: 24_000, up: 16_000)
    (deviceClass.download, deviceClass.upload) = (
      .fixed(BitRate(rate.down)), .fixed(BitRate(rate.up))
    )
    for tcp in [nil, TCPSettings(loss: PacketLoss(0.01))] {
      let devices = (0..<20).map {
        Device(
          start: Double($0 / 4), download: 9_000, upload: 7_000, operations: 400,
          down: [(0, rate.down)], up: [(0, rate.up)], period: Double(1 + $0))
      }
      let traced = try BandwidthRun(
        devices, deviceClass: deviceClass, download: capacity, upload: capacity, tcp: tcp,
        handshakes: 1)
      try traced.runToEnd()
      let plain = try BandwidthRun(
        devices, deviceClass: deviceClass, download: capacity, upload: capacity, tcp: tcp,
        handshakes: 1, isTraced: false)
      try plain.runToEnd()
      #expect(traced.ends == plain.ends)
      #expect(traced.failures.mapValues(\.time) == plain.failures.mapValues(\.time))
      #expect(!traced.failures.isEmpty && traced.failures.count < 20)
      #expect(traced.booked(.download) == plain.booked(.download))
      #expect(traced.booked(.upload) == plain.booked(.upload))
    }
  }

  @Test(arguments: 0..<24)
  func `an engine written down in the middle goes on as it would have`(number: Int) throws {
    let devices = Self.devices(2_000 + number).map { device in
      var device = device
      device.start = .zero
      return device
    }
    func make() throws -> BandwidthRun {
      try BandwidthRun(
        devices, availability: number % 2 == 0 ? .always : Self.sessions,
        download: number % 3 == 0 ? nil : BitRate(30_000),
        upload: number % 3 == 0 ? nil : BitRate(20_000),
        tcp: number % 4 == 0 ? TCPSettings() : nil)
    }
    let whole = try make()
    try whole.start()
    try whole.goOn()
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    for events in [1, 3, 9, 20, 40] {
      let first = try make()
      try first.start()
      for _ in 0..<events { _ = try first.engine.step() }
      let second = try make()
      second.engine.restore(
        try decoder.decode(
          TaskEngine.Checkpoint.self, from: encoder.encode(first.engine.checkpoint)))
      try second.goOn()
      let ends = zip(first.ends, second.ends).map { $0.merging($1) { $1 } }
      #expect(ends == whole.ends)
      #expect(first.entries + second.entries == whole.entries)
    }
  }

  /// Ten packets of 1,500 bytes each way of 100 ms, then twice as many, up to 16 kB on their way; or the link's rate.
  @Test
  func `TCP's windows hold where the link would carry more, and the link where it carries less`()
    throws
  {
    var deviceClass = EngineRun.deviceClass()
    deviceClass.rtt = .fixed(.milliseconds(100))
    let settings = TCPSettings(window: ByteCount(14_480))
    // Fast for 10 s, then 120 kbit/s, a packet every 100 ms.
    let run = try BandwidthRun(
      [Device(download: 1_448 * 2_000, down: [(0, 100_000_000), (10, 120_000)], period: 1_000)],
      deviceClass: deviceClass, tcp: settings)
    try run.runToEnd()
    // A window of ten packets in each round trip: 1,000 packets by 10 s; the other 1,000 take 100 s.
    let end = try #require(run.end(0))
    #expect(abs(end - 110) < 0.3, "\(end)")
  }
}
