import EventSimulation
import Fleet
import Foundation
import Testing

@testable import DeviceTasks

/// The phases of tasks, calculated by hand: 100 ms before the first byte, 1 s of download, 2 s of training, 100 ms, 3 s of
/// upload.
struct TaskEngineTests {
  private static let power = PowerUse(
    computing: Power(microwatts: 4_000_000), sending: Power(microwatts: 1_500_000),
    receiving: Power(microwatts: 1_000_000), idle: Power(microwatts: 100_000))

  @Test func `a task downloads, trains and uploads, and is accounted phase by phase`() throws {
    let run = try EngineRun(EngineRun.deviceClass(power: Self.power))
    run.start(2)
    #expect(run.engine.state.busy == [2] && run.engine.state.tasks.count == 1)
    try run.runToEnd()
    #expect(run.log == ["1100 0 download", "3100 0 training", "6200 0 completed"])
    // 10 mJ idle and 1 J; 8 J; 10 mJ and 4.5 J.
    let times = [1_100, 3_100, 6_200].map { SimulationTime.milliseconds(Int64($0)) }
    let amounts = [1_000, 2_000, 3_000]
    let energies = [1_010_000, 8_000_000, 4_510_000]
    #expect(
      run.entries
        == TaskPhase.allCases.enumerated().map { index, phase in
          CostEntry(
            time: times[index], task: 0, phase: phase, amount: amounts[index],
            wireBytes: phase == .training ? 0 : amounts[index],
            energy: Energy(microjoules: energies[index]))
        })
    #expect(run.ended[0].progress.spent == EngineRun.work)
    #expect(run.ended[0].progress.energy == Energy(microjoules: 13_520_000))
    #expect(run.ended[0].progress.span(of: .upload) == .milliseconds(3_100))
    #expect(run.engine.state.busy.isEmpty && run.engine.state.tasks.isEmpty)
    // A start and three ends.
    #expect(run.engine.state.events == 4)
  }

  @Test func `memory, availability and charge of a device are checked in this order`()
    throws
  {
    let empty = Battery(capacity: Energy(microjoules: 1), reserve: 0)
    let away = Availability.trace(
      try trace("device,start_s,end_s\nphone,10,20\n"))
    let run = try EngineRun(
      EngineRun.deviceClass(power: Self.power, battery: empty), availability: away)
    func isRefused(_ admission: TaskAdmission, _ name: String) -> Bool {
      "\(admission)".hasPrefix(name)
    }
    #expect(isRefused(run.start(0, peak: 101), "insufficientMemory"))
    guard case .offline(let back) = run.start(0) else {
      Issue.record("the device is offline")
      return
    }
    #expect(back == .milliseconds(10_000))
    guard case .offline(nil) = run.start(0, at: .milliseconds(20_000)) else {
      Issue.record("the device never comes back")
      return
    }
    #expect(isRefused(run.start(0, at: .milliseconds(15_000)), "insufficientCharge"))
    #expect(run.engine.state.tasks.isEmpty && run.entries.isEmpty)
    #expect(run.engine.state.events == 4, "each start is an event")
  }

  private func trace(_ text: String) throws -> AvailabilityTrace {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try AvailabilityTrace(csv: file, period: nil)
  }

  @Test func `whether a device can ever start depends on memory, sessions and a full battery`()
    throws
  {
    let away = Availability.trace(try trace("device,start_s,end_s\nphone,10,20\n"))
    let run = try EngineRun(availability: away)
    #expect(run.couldEverStart(0) && !run.couldEverStart(0, peak: 101))
    #expect(run.couldEverStart(0, after: .milliseconds(19_999)))
    #expect(!run.couldEverStart(0, after: .milliseconds(20_000)))
    // The task takes 13.52 J, which must be less than a full battery's charge above its reserve.
    for (capacity, isEnough) in [(27_040_000, false), (27_040_002, true)] {
      let battery = Battery(capacity: Energy(microjoules: capacity), reserve: 0.5)
      let run = try EngineRun(EngineRun.deviceClass(power: Self.power, battery: battery))
      #expect(run.couldEverStart(0) == isEnough, "\(capacity)")
    }
  }

  @Test func `costs can be accounted at any instant and have the same total`() throws {
    let run = try EngineRun(EngineRun.deviceClass(power: Self.power))
    run.start(0)
    for milliseconds in stride(from: Int64(50), through: 6_150, by: 300) {
      try run.run(to: .milliseconds(milliseconds))
      run.engine.bookProgress(at: .milliseconds(milliseconds))
      run.engine.bookProgress(at: .milliseconds(milliseconds))
      let inFlight = run.engine.spentInFlight(at: .milliseconds(milliseconds)).work
      #expect(inFlight.download.bytes == run.booked(.download))
      #expect(inFlight.training.operations == run.booked(.training))
      #expect(inFlight.upload.bytes == run.booked(.upload))
      // A byte and an operation take a millisecond.
      let (down, up) = (milliseconds - 100, milliseconds - 3_200)
      #expect(run.booked(.download) == Int(min(1_000, max(0, down))))
      #expect(run.booked(.training) == Int(min(2_000, max(0, milliseconds - 1_100))))
      #expect(run.booked(.upload) == Int(max(0, up)))
    }
    try run.runToEnd()
    #expect([TaskPhase.download, .training, .upload].map(run.booked) == [1_000, 2_000, 3_000])
    #expect(run.entries.reduce(Energy.zero) { $0 + $1.energy! } == Energy(microjoules: 13_520_000))
    #expect(run.entries.allSatisfy { $0.amount >= 0 })
  }

  @Test func `an aborted task is charged for its work so far`() throws {
    let run = try EngineRun()
    run.start(0)
    try run.run(to: .milliseconds(3_500))
    run.engine.breakOff(0, at: .milliseconds(3_500))
    let task = run.engine.remove(0)
    #expect(
      task.progress.spent
        == TaskWork(
          download: ByteCount(1_000), training: FLOPCount(2_000), upload: ByteCount(300)))
    #expect(task.progress.span(of: .upload) == .milliseconds(400))
    #expect(run.booked(.upload) == 300 && run.entries.allSatisfy { $0.energy == nil })
  }

  @Test func `a device that drops out is charged for less than the whole task`() throws {
    let run = try EngineRun(EngineRun.deviceClass(dropout: 1), devices: 60)
    for device in 0..<60 { run.start(device) }
    try run.runToEnd()
    #expect(run.ended.count == 60 && run.log.count { $0.contains("lost in") } == 60)
    #expect(Set(run.ended.map(\.progress.phase)) == Set(TaskPhase.allCases))
    for task in run.ended {
      let (spent, phase) = (task.progress.spent, task.progress.phase)
      #expect(spent.amount(of: phase) <= EngineRun.work.amount(of: phase))
      #expect(spent != EngineRun.work)
    }
  }

  @Test(arguments: [TaskEngine.Interruption.pause, .fail])
  func `a phase pauses at the end of a session, or the device drops out`(
    interruption: TaskEngine.Interruption
  ) throws {
    let sessions = Availability.trace(
      try trace("device,start_s,end_s\nphone,0,2\nphone,5,100\n"))
    let run = try EngineRun(availability: sessions, interruption: interruption)
    run.start(0)
    try run.runToEnd()
    switch interruption {
    case .pause:
      #expect(run.log == ["1100 0 download", "6100 0 training", "9200 0 completed"])
    case .fail:
      #expect(run.log == ["1100 0 download", "2000 0 lost in training"])
      #expect(run.booked(.training) == 900)
    }
  }

  @Test func `the tasks whose phases end next are announced`() throws {
    for upload in [nil, BitRate(80_000)] {
      let run = try EngineRun(upload: upload)
      run.start(0)
      #expect(run.engine.finishingNext(.training) == [] && run.engine.finishingNext(.upload) == [])
      try run.run(to: .milliseconds(1_100))
      #expect(run.engine.finishingNext(.training) == [0])
      try run.run(to: .milliseconds(3_200))
      #expect(run.engine.finishingNext(.upload) == [0])
      #expect(run.engine.finishingNext(.training) == [])
    }
  }

  @Test func `two uploads that share a link take twice as long`() throws {
    let run = try EngineRun(upload: BitRate(8_000))
    run.start(0)
    run.start(1)
    try run.runToEnd()
    // Each sends 3,000 bytes at half a byte per millisecond from 3.2 s on.
    #expect(run.log.suffix(2) == ["9200 0 completed", "9200 1 completed"])
    #expect(run.booked(.upload) == 6_000)
  }

  @Test func `an alarm fires in order, unless it was cancelled`() throws {
    let run = try EngineRun()
    run.start(0)
    let cancelled = run.engine.set(Alarm(kind: 1, number: 7), at: .milliseconds(2_000))
    _ = run.engine.set(Alarm(kind: 2, number: 8), at: .milliseconds(1_100))
    run.engine.cancel(cancelled)
    try run.runToEnd()
    // The download's end was scheduled first.
    #expect(
      run.log == ["1100 0 download", "1100 alarm 2 8", "3100 0 training", "6200 0 completed"])
  }

  @Test(arguments: [nil, 8_000])
  func `an engine saved in the middle of its tasks continues identically`(
    rate: Int?
  ) throws {
    func start() throws -> EngineRun {
      let run = try EngineRun(
        EngineRun.deviceClass(dropout: 0.4, power: Self.power), devices: 12,
        download: rate.map { BitRate($0) }, upload: rate.map { BitRate($0) })
      for device in 0..<12 { run.start(device) }
      return run
    }
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let whole = try start()
    try whole.runToEnd()
    for events in [1, 5, 12, 20] {
      let first = try start()
      for _ in 0..<events { _ = try first.engine.step() }
      let second = try EngineRun(
        EngineRun.deviceClass(dropout: 0.4, power: Self.power), devices: 12,
        download: rate.map { BitRate($0) }, upload: rate.map { BitRate($0) })
      second.engine.restore(
        try decoder.decode(
          TaskEngine.Checkpoint.self, from: encoder.encode(first.engine.checkpoint)))
      try second.runToEnd()
      #expect(first.log + second.log == whole.log)
      #expect(first.entries + second.entries == whole.entries)
    }
  }
}
