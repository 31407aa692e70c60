import EventSimulation
import Fleet
import Foundation
import Randomness
import Testing

@testable import DeviceTasks

struct TaskTableTests {
  @Test(arguments: 0..<10)
  func `any sequence of insertions, changes and removals agrees with a dictionary`(seed: Int) throws
  {
    var stream = RandomStream(seed: UInt64(seed), purpose: "task-table")
    var table = TaskTable()
    var twin: [Int: Double] = [:]
    var last = -1
    for step in 0..<2_000 {
      switch stream.integer(below: step < 1_500 ? 5 : 2) + (step < 1_500 ? 0 : 3) {
      case 0...2:
        let id = table.insert(Self.task)
        #expect(id > last, "no id is given twice")
        last = id
        twin[id] = 1
      case 3 where !twin.isEmpty:
        let id = twin.keys.sorted()[stream.integer(below: twin.count)]
        table[id].leave(at: .zero, hazard: -1)
        twin[id]! += 1
      default:
        guard let id = twin.keys.min() else { continue }
        #expect(table.remove(id).progress.endurance == twin.removeValue(forKey: id))
        #expect(!table.contains(id))
      }
      #expect(table.count == twin.count)
    }
    for (id, endurance) in twin { #expect(table[id].endurance == endurance) }

    var copy = try JSONDecoder().decode(TaskTable.self, from: JSONEncoder().encode(table))
    for (id, endurance) in twin { #expect(copy[id].endurance == endurance) }
    for _ in 0..<100 { #expect(copy.insert(Self.task) == table.insert(Self.task)) }
  }

  @Test(arguments: [
    Array(repeating: -1, count: 15), Array(repeating: -1, count: 8), [],
    [5] + Array(repeating: -1, count: 15),
    [0] + Array(repeating: -1, count: 15), [16] + Array(repeating: -1, count: 15),
  ])
  func `a saved table with impossible slots is rejected`(occupants: [Int]) {
    let text = #"{"occupants":\#(occupants),"nextID":8,"tasks":[]}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TaskTable.self, from: Data(text.utf8))
    }
  }

  private static let task: InFlightTask = {
    let fleet = try! Fleet(
      count: 1,
      classes: [
        DeviceClass(
          name: "phone", share: 1, compute: .fixed(ComputeRate(1)), memory: .fixed(.zero),
          download: .fixed(BitRate(1)), upload: .fixed(BitRate(1)), rtt: .fixed(.zero), dropout: 0)
      ], seed: 0)
    let profile = fleet.profile(of: 0)
    return InFlightTask(
      plan: TaskPlan(
        baseVersion: 0, taskSeed: 1, profile: profile,
        need: TaskNeed(
          setup: TaskSetup(plan: .reference, batchSize: 1, lora: nil), samples: 1, peak: .zero),
        timeline: TaskTimeline(profile: profile, start: .zero, work: .zero), loss: nil),
      progress: TaskProgress(start: .zero, endurance: 1, countsActiveTime: false))
  }()
}
