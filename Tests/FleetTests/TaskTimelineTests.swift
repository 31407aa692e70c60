import EventSimulation
import Foundation
import Testing

@testable import Fleet

struct TaskTimelineTests {
  /// FLORA's payload on ViT-B/32 in both directions, and 1.2 TFLOP of training.
  private let work = TaskWork(
    download: ByteCount(98_304), training: FLOPCount(1_200_000_000_000), upload: ByteCount(98_304))

  /// Calculated by hand. Download: 24 ms + 786,432 bits / 105 Mbps = 7,489,828.57… ns, rounded up.
  /// Training: 1.2e12 / 60e9 = 20 s. Upload: 24 ms + 786,432 bits / 15 Mbps = 52,428,800 ns.
  @Test func `a flagship phone's task ends at the nanosecond calculated by hand`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.flagship),
      start: SimulationTime(nanoseconds: 1_000), work: work)
    #expect(timeline.downloadEnd.nanoseconds == 1_000 + 24_000_000 + 7_489_829)
    #expect(timeline.trainingEnd.nanoseconds == 31_490_829 + 20_000_000_000)
    #expect(timeline.uploadEnd.nanoseconds == 20_031_490_829 + 24_000_000 + 52_428_800)
    #expect(timeline.duration.nanoseconds == 20_107_918_629)
  }

  /// Download: 60 ms + 786,432 bits / 20 Mbps = 39,321,600 ns. Training: 1.2e12 / 8e9 = 150 s.
  /// Upload: 60 ms + 786,432 bits / 4 Mbps = 196,608,000 ns.
  @Test func `a budget phone's task ends at the nanosecond calculated by hand`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.budget), start: .zero, work: work)
    #expect(timeline.downloadEnd.nanoseconds == 99_321_600)
    #expect(timeline.trainingEnd.nanoseconds == 150_099_321_600)
    #expect(timeline.uploadEnd.nanoseconds == 150_355_929_600)
  }

  @Test func `a phase includes its first instant but not its last`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.budget),
      start: SimulationTime(nanoseconds: 5), work: work)
    let nanosecond = SimulationDuration(nanoseconds: -1)
    let ends: [(SimulationTime, before: TaskPhase?, at: TaskPhase?)] = [
      (timeline.start, nil, .download), (timeline.downloadEnd, .download, .training),
      (timeline.trainingEnd, .training, .upload), (timeline.uploadEnd, .upload, nil),
    ]
    for (end, before, at) in ends {
      #expect(timeline.phase(at: end + nanosecond) == before)
      #expect(timeline.phase(at: end) == at)
    }
  }

  /// At 20 Mbps a byte takes 400 ns, at 4 Mbps 2,000 ns; 8 operations take a nanosecond.
  @Test func `an interrupted task's costs match a calculation by hand`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.budget), start: .zero, work: work)
    func spent(_ nanoseconds: Int64) -> [Int] {
      let spent = timeline.spent(until: SimulationTime(nanoseconds: nanoseconds))
      return [spent.download.bytes, spent.training.operations, spent.upload.bytes]
    }
    #expect(spent(-1) == [0, 0, 0])
    #expect(spent(60_000_399) == [0, 0, 0], "the round-trip time brings no byte")
    #expect(spent(60_000_400) == [1, 0, 0])
    #expect(spent(60_001_999) == [4, 0, 0])
    #expect(spent(99_321_599) == [98_303, 0, 0])
    #expect(spent(99_321_600) == [98_304, 0, 0])
    #expect(spent(99_321_603) == [98_304, 24, 0])
    #expect(spent(150_099_321_600) == [98_304, 1_200_000_000_000, 0])
    #expect(spent(150_159_323_599) == [98_304, 1_200_000_000_000, 0])
    #expect(spent(150_159_323_600) == [98_304, 1_200_000_000_000, 1])
    #expect(spent(150_355_929_600) == [98_304, 1_200_000_000_000, 98_304])
    #expect(spent(.max) == [98_304, 1_200_000_000_000, 98_304])
  }

  @Test(arguments: 0..<20)
  func `costs never decrease, and go from zero to the total`(id: Int) throws {
    let fleet = try Fleet(count: 20, classes: [Samples.drawn], seed: 5)
    let work = TaskWork(
      download: ByteCount(605_109_252 + id), training: FLOPCount(999_999_999_989 + id),
      upload: ByteCount(24_577 * id))
    let timeline = TaskTimeline(
      profile: fleet.profile(of: id), start: SimulationTime(nanoseconds: 77), work: work)
    var last = timeline.spent(until: timeline.start)
    #expect(last == .zero)
    for step in 1...500 {
      let elapsed = timeline.duration.nanoseconds / 500 * Int64(step)
      let spent = timeline.spent(until: timeline.start + SimulationDuration(nanoseconds: elapsed))
      #expect(spent.download >= last.download)
      #expect(spent.training >= last.training)
      #expect(spent.upload >= last.upload)
      last = spent
    }
    #expect(timeline.spent(until: timeline.uploadEnd) == work)
  }

  @Test func `a task without payload still waits for its two round trips`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.budget), start: .zero, work: .zero)
    #expect(timeline.duration == .milliseconds(120))
  }

  @Test func `a task too long for the clock never ends`() throws {
    var snail = Samples.budget
    snail.upload = .fixed(BitRate(1))
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: snail), start: .zero,
      work: TaskWork(
        download: .zero, training: FLOPCount(.max), upload: ByteCount(2_000_000_000)))
    #expect(timeline.trainingEnd < .distantFuture)
    #expect(timeline.uploadEnd == .distantFuture)
    let late = timeline.spent(until: .distantFuture)
    #expect(late.training == FLOPCount(.max))
    #expect(late.upload < ByteCount(2_000_000_000))
    #expect(timeline.phase(at: timeline.trainingEnd) == .upload)
  }

  @Test func `work accumulates part by part`() {
    let sum = work + TaskWork(download: ByteCount(1), training: FLOPCount(2), upload: ByteCount(3))
    #expect(sum.download == ByteCount(98_305))
    #expect(sum.training == FLOPCount(1_200_000_000_002))
    #expect(sum.upload == ByteCount(98_307))
  }

  @Test func `a timeline is preserved when saved and loaded`() throws {
    let timeline = TaskTimeline(
      profile: try Samples.profile(of: Samples.budget), start: .zero, work: work)
    let written = try JSONEncoder().encode(timeline)
    #expect(try JSONDecoder().decode(TaskTimeline.self, from: written) == timeline)
  }
}
