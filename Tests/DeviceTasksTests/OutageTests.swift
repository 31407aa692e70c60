import EventSimulation
import Fleet
import Testing

@testable import DeviceTasks

/// Outages in the life of tasks, worked out by hand: 100 ms before the first byte, 1 s of download, 2 s of training,
/// 100 ms, 3 s of upload.
struct OutageTests {
  /// Devices of even and odd numbers.
  private struct Parities: DeviceGroups {
    let column = "class"
    let names = ["even", "odd"]
    func group(of device: Int) -> Int? { device % 2 }
  }

  /// Outages of the even devices, in milliseconds.
  private func outages(_ spans: [(Int64, Int64)]) -> Outages {
    Outages(
      Parities(),
      [spans.map { Session(start: .milliseconds($0.0), end: .milliseconds($0.1)) }, []])
  }

  private struct Case: Sendable {
    let milliseconds: Int64
    let phase: String
    let spent: [Int]
  }

  private static let cases = [
    Case(milliseconds: 50, phase: "download", spent: [0, 0, 0]),
    Case(milliseconds: 600, phase: "download", spent: [500, 0, 0]),
    Case(milliseconds: 2_100, phase: "training", spent: [1_000, 1_000, 0]),
    Case(milliseconds: 4_200, phase: "upload", spent: [1_000, 2_000, 1_000]),
  ]

  @Test(arguments: 0..<4, [TaskEngine.Interruption.pause, .fail])
  func `a task fails when an outage of its device begins, and its costs so far are counted`(
    number: Int, interruption: TaskEngine.Interruption
  ) throws {
    let outage = Self.cases[number]
    for capacity in [nil, BitRate(100_000)] {
      let run = try EngineRun(
        interruption: interruption, download: capacity, upload: capacity,
        outages: outages([(outage.milliseconds, outage.milliseconds + 1_000)]))
      run.start(2)
      run.start(3)
      try run.runToEnd()
      #expect(run.log.contains("\(outage.milliseconds) 0 outage in \(outage.phase)"))
      #expect(run.log.last == "6200 1 completed")
      let spent = run.ended.first { $0.plan.client == 2 }!.progress.spent
      #expect(TaskPhase.allCases.map(spent.amount) == outage.spent)
      #expect(run.engine.state.tasks.isEmpty && run.engine.state.schedule.nextTime == nil)
    }
  }

  @Test func `a task that ends at the instant of an outage has ended`() throws {
    let run = try EngineRun(outages: outages([(1_100, 1_200), (6_200, 7_000), (90_000, 91_000)]))
    run.start(2)
    try run.runToEnd()
    #expect(run.log == ["1100 0 download", "1100 0 outage in training"])
    let whole = try EngineRun(outages: outages([(6_200, 7_000), (90_000, 91_000)]))
    whole.start(2)
    try whole.runToEnd()
    #expect(whole.log.last == "6200 0 completed")
    // An outage without tasks is no event.
    #expect(whole.engine.state.schedule.now == .milliseconds(6_200))
  }

  @Test func `a device cannot start during an outage, and is online again when it ends`() throws {
    let run = try EngineRun(outages: outages([(0, 5_000)]))
    guard case .offline(let back) = run.start(2) else {
      Issue.record("the device is offline")
      return
    }
    #expect(back == .milliseconds(5_000))
    guard case .started = run.start(3) else {
      Issue.record("the other devices are online")
      return
    }
    #expect(run.couldEverStart(2))
    guard case .started = run.start(2, at: .milliseconds(5_000)) else {
      Issue.record("the outage is over")
      return
    }
    try run.runToEnd()
    #expect(run.log.last == "11200 1 completed")
  }

  @Test func `a paused task fails too`() throws {
    let sessions = AvailabilityTrace(
      [
        [
          Session(start: .zero, end: .milliseconds(1_000)),
          Session(start: .milliseconds(9_000), end: .milliseconds(90_000)),
        ]
      ], period: nil)
    let run = try EngineRun(
      availability: .trace(sessions), outages: outages([(4_000, 5_000), (20_000, 21_000)]))
    run.start(2)
    run.start(3)
    try run.runToEnd()
    #expect(run.log.first == "4000 0 outage in download")
    #expect(run.log.last == "14200 1 completed")
  }
}
