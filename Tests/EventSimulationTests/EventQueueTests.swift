import Foundation
import Randomness
import Testing

@testable import EventSimulation

struct EventQueueTests {
  @Test func `events are ordered by time, then by insertion`() {
    var queue = EventQueue<String>()
    for (event, time) in [("c", 5), ("d", 5), ("a", 1), ("e", 5), ("b", 2)] as [(String, Int64)] {
      queue.push(event, at: SimulationTime(nanoseconds: time))
    }
    #expect(queue.nextTime == SimulationTime(nanoseconds: 1))
    var order: [String] = []
    while let (_, event) = queue.pop() { order.append(event) }
    #expect(order == ["a", "b", "c", "d", "e"])
    #expect(queue.isEmpty)
    #expect(queue.nextTime == nil)
  }

  @Test func `a cancelled event never occurs, and is returned once`() {
    var queue = EventQueue<String>()
    let first = queue.pushCancellable("first", at: SimulationTime(nanoseconds: 1))
    let second = queue.pushCancellable("second", at: SimulationTime(nanoseconds: 2))
    #expect(queue.cancel(first) == "first")
    #expect(queue.cancel(first) == nil)
    #expect(queue.count == 1)
    #expect(queue.nextTime == SimulationTime(nanoseconds: 2))
    #expect(queue.pop()?.event == "second")
    #expect(queue.cancel(second) == nil, "an event that has come cannot be cancelled")
    #expect(queue.pop() == nil)
  }

  @Test(arguments: 0..<20)
  func `any sequence of insertions, removals and cancellations agrees with a sorted list`(seed: Int)
  {
    var stream = RandomStream(seed: UInt64(seed), purpose: "queue-twin")
    var queue = EventQueue<Int>()
    var twin: [(time: SimulationTime, handle: EventHandle?, event: Int)] = []
    for event in 0..<1_000 {
      switch stream.integer(below: 10) {
      case 0..<5:
        let time = SimulationTime(nanoseconds: Int64(stream.integer(below: 50)))
        var handle: EventHandle?
        if event % 3 == 0 {
          queue.push(event, at: time)
        } else {
          handle = queue.pushCancellable(event, at: time)
        }
        let place = twin.firstIndex { $0.time > time } ?? twin.endIndex
        twin.insert((time, handle, event), at: place)
      case 5..<8 where !twin.isEmpty:
        let place = stream.integer(below: twin.count)
        if let handle = twin[place].handle {
          #expect(queue.cancel(handle) == twin.remove(at: place).event)
          #expect(queue.cancel(handle) == nil)
        }
      default:
        let expected = twin.isEmpty ? nil : twin.removeFirst()
        let popped = queue.pop()
        #expect(popped?.event == expected?.event)
        #expect(popped?.time == expected?.time)
      }
      #expect(queue.count == twin.count)
      #expect(queue.nextTime == twin.first?.time)
    }
    while let expected = twin.first {
      #expect(queue.pop()?.event == expected.event)
      twin.removeFirst()
    }
    #expect(queue.isEmpty)
  }

  @Test func `a saved queue continues in the same order`() throws {
    var stream = RandomStream(seed: 4, purpose: "queue-checkpoint")
    var queue = EventQueue<Int>()
    var handles: [EventHandle] = []
    for event in 0..<300 {
      let time = SimulationTime(nanoseconds: Int64(stream.integer(below: 20)))
      handles.append(queue.pushCancellable(event, at: time))
    }
    for _ in 0..<100 { _ = queue.pop() }
    for handle in handles.prefix(40) { queue.cancel(handle) }

    let written = try JSONEncoder().encode(queue)
    var copy = try JSONDecoder().decode(EventQueue<Int>.self, from: written)

    #expect(copy.cancel(handles[299]) == queue.cancel(handles[299]))
    let tie = SimulationTime(nanoseconds: 19)
    queue.push(300, at: tie)
    copy.push(300, at: tie)
    #expect(queue.pushCancellable(301, at: tie) == copy.pushCancellable(301, at: tie))
    #expect(copy.count == queue.count)
    while let (time, event) = queue.pop() {
      let other = copy.pop()
      #expect(other?.time == time)
      #expect(other?.event == event)
    }
    #expect(copy.isEmpty)
  }

  @Test func `equal queues are saved as equal bytes, whatever their history`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var long = EventQueue<Int>()
    let handles = (0..<100).map {
      long.pushCancellable($0, at: SimulationTime(nanoseconds: Int64($0 % 7)))
    }
    for handle in handles.dropLast(10) { long.cancel(handle) }
    let copy = try JSONDecoder().decode(EventQueue<Int>.self, from: encoder.encode(long))
    #expect(try encoder.encode(long) == encoder.encode(copy))
  }

  @Test(arguments: [
    #"{"nextSequence":1,"events":[{"time":0,"sequence":1,"isCancellable":false,"event":5}]}"#,
    #"{"nextSequence":9,"events":[{"time":0,"sequence":1,"isCancellable":true,"event":5},"#
      + #"{"time":2,"sequence":1,"isCancellable":false,"event":5}]}"#,
  ])
  func `a saved queue with impossible event numbers is rejected`(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(EventQueue<Int>.self, from: Data(text.utf8))
    }
  }
}
