import EventSimulation
import Foundation
import Randomness
import Testing

@testable import Fleet

struct FairShareLinkTests {
  private func ends(_ capacity: Int, _ flows: [LinkRun.Flow]) -> [Int64] {
    var run = LinkRun(capacity: capacity)
    return run.run(flows).map(\.nanoseconds)
  }

  @Test(arguments: [(1_000_000, 8_000_000), (8_000_000, 1_000_000), (3_000_000, 7_000_001)])
  func `a single flow has the smaller rate of its own link and the server's`(
    cap: Int, capacity: Int
  ) {
    let bytes = 123_457
    let seconds = Double(8 * bytes) / Double(min(cap, capacity))
    let end = ends(capacity, [.init(number: 0, start: 5, bytes: bytes, cap: cap)])[0]
    #expect(end - 5 == Int64((seconds * 1e9).rounded(.up)))
  }

  @Test(arguments: [2, 7, 1000])
  func `n equal flows have 1/n of the link each`(count: Int) {
    let flows = (0..<count).map {
      LinkRun.Flow(number: $0, start: 0, bytes: 1_000_000, cap: 50_000_000)
    }
    let seconds = 8e6 * Double(count) / 40e6
    for end in ends(40_000_000, flows) {
      #expect(abs(Double(end) / 1e9 / seconds - 1) < 1e-9)
    }
  }

  @Test func `flows that fit together have their own rates`() {
    let flows = (1...9).map {
      LinkRun.Flow(number: $0, start: Int64($0), bytes: 1000 * $0, cap: 1_000_000 * $0)
    }
    #expect(ends(45_000_000, flows) == (1...9).map { Int64($0) + 8_000_000 })
  }

  /// The slow one takes 2 of 10 Mbit/s and leaves 8: 16 Mbit end after 2 s. The slow one's 8 Mbit take
  /// 4 s, independent of the other flow.
  @Test func `a slow flow leaves the fast one what it cannot use`() {
    let flows = [
      LinkRun.Flow(number: 0, start: 0, bytes: 1_000_000, cap: 2_000_000),
      LinkRun.Flow(number: 1, start: 0, bytes: 2_000_000, cap: 100_000_000),
    ]
    #expect(ends(10_000_000, flows) == [4_000_000_000, 2_000_000_000])
  }

  /// 10 Mbit/s. Alone, the first sends 10 of its 30 Mbit in 1 s. Both share until the second's 5 Mbit
  /// end at 2 s; the first has 15 left, which take 1.5 s.
  @Test func `staggered flows share the link from then on`() {
    let flows = [
      LinkRun.Flow(number: 0, start: 0, bytes: 3_750_000, cap: 100_000_000),
      LinkRun.Flow(number: 1, start: 1_000_000_000, bytes: 625_000, cap: 100_000_000),
    ]
    #expect(ends(10_000_000, flows) == [3_500_000_000, 2_000_000_000])
  }

  /// The second is removed after half a second, with 2.5 of its 5 Mbit sent.
  @Test func `a removed flow releases its share and reports its remaining bits`() {
    var run = LinkRun(capacity: 10_000_000)
    let ends = run.run([
      .init(number: 0, start: 0, bytes: 3_750_000, cap: 100_000_000),
      .init(
        number: 1, start: 1_000_000_000, bytes: 625_000, cap: 100_000_000,
        cancelled: 1_500_000_000),
    ])
    #expect(ends.map(\.nanoseconds) == [3_250_000_000, 1_500_000_000])
    #expect(ends[1].rest == FluidAmount(ByteCount(312_500)))
    #expect(ends[0].rest == .zero)
  }

  @Test func `flows that end together end in index order`() {
    var run = LinkRun(capacity: 1_000_000)
    _ = run.run([7, 3, 5, 1].map { .init(number: $0, start: 0, bytes: 500, cap: 9_000_000) })
    #expect(run.ends.map(\.number) == [1, 3, 5, 7])
    #expect(Set(run.ends.map(\.nanoseconds)).count == 1)
  }

  @Test func `a saved link continues identically`() throws {
    var link = FairShareLink(capacity: BitRate(10_000_000))
    for flow in 0..<20 {
      link.start(
        flow, of: FluidAmount(ByteCount(100_000 + flow)), cap: BitRate(300_000 * (1 + flow % 7)),
        at: SimulationTime(nanoseconds: Int64(flow) * 1_000_003))
    }
    var copy = try JSONDecoder().decode(FairShareLink.self, from: JSONEncoder().encode(link))
    #expect(link.count == 20)
    while let end = link.nextEnd {
      let other = try #require(copy.nextEnd)
      #expect(end == other)
      #expect(link.remove(end.flow, at: end.time) == copy.remove(other.flow, at: other.time))
    }
    #expect(copy.nextEnd == nil)
  }

  @Test func `ten thousand random cases match a naive solver, without losing a byte`() {
    for number in 0..<10_000 {
      let (capacity, flows) = Self.randomCase(number)
      var run = LinkRun(capacity: capacity)
      let ends = run.run(flows)
      let naive = WaterFilling(capacity: Double(capacity)).ends(
        flows.map {
          .init(
            number: $0.number, start: Double($0.start) / 1e9, bits: Double(8 * $0.bytes),
            cap: Double($0.cap), cancelled: $0.cancelled.map { Double($0) / 1e9 } ?? .infinity)
        })
      #expect(ends.map(\.number) == naive.map(\.number))
      for (end, other) in zip(ends, naive) {
        // A flow waits for the end of its last nanosecond, as may every flow before it.
        let tolerance = 1e-9 * other.time + 1e-9 * Double(flows.count + 1)
        guard abs(Double(end.nanoseconds) / 1e9 - other.time) <= tolerance else {
          Issue.record("case \(number), flow \(end.number): \(end) against \(other)")
          return
        }
        let rest = Double(end.rest.units) / 256e9
        guard abs(rest - other.rest) <= tolerance * Double(capacity) + 1e-6 else {
          Issue.record("case \(number), flow \(end.number): \(rest) bits left, not \(other.rest)")
          return
        }
      }
    }
  }

  @Test(arguments: 0..<100)
  func `rates are max-min fair and never exceed the link in total`(number: Int) {
    let (capacity, flows) = Self.randomCase(number)
    let caps = Dictionary(uniqueKeysWithValues: flows.map { ($0.number, Double($0.cap)) })
    var run = LinkRun(capacity: capacity)
    run.watch = { link, _ in
      let rates = flows.compactMap { flow in link.rate(of: flow.number).map { (flow.number, $0) } }
      let sum = rates.reduce(0) { $0 + $1.1 }
      #expect(sum <= Double(capacity) * (1 + 1e-12))
      let fair = WaterFilling(capacity: Double(capacity)).rates(rates.map { caps[$0.0]! })
      for ((_, rate), other) in zip(rates, fair) { #expect(abs(rate / other - 1) < 1e-9) }
    }
    #expect(run.run(flows).count == flows.count)
  }

  @Test(arguments: 0..<100)
  func `the bits served never exceed the capacity's integral`(number: Int) {
    let (capacity, flows) = Self.randomCase(number)
    var run = LinkRun(capacity: capacity)
    let ends = run.run(flows)
    let bytes = Dictionary(uniqueKeysWithValues: flows.map { ($0.number, $0.bytes) })
    let first = flows.map(\.start).min()!
    for last in run.ends {
      let served = run.ends.prefix { $0 != last }.reduce(FluidAmount.zero) {
        $0 + FluidAmount(ByteCount(bytes[$1.number]!)) - $1.rest
      }
      let span = SimulationDuration(nanoseconds: last.nanoseconds - first)
      #expect(served <= FluidAmount(of: BitRate(capacity), in: span))
    }
    #expect(run.link.count == 0 && ends.count == flows.count)
  }

  @Test(arguments: 0..<200)
  func `a flow's remainder at an instant equals its remainder if removed then`(number: Int) {
    let (capacity, flows) = Self.randomCase(number)
    var stream = RandomStream(seed: 12, purpose: "instants", number)
    var run = LinkRun(capacity: capacity)
    run.watch = { link, time in
      let later = SimulationTime(
        nanoseconds: time.nanoseconds + Int64(stream.integer(below: 3_000_000_000)))
      for flow in flows.map(\.number) where link.contains(flow) {
        for time in [time, later, link.nextEnd!.time] {
          var copy = link
          #expect(link.rest(of: flow, at: time) == copy.remove(flow, at: time))
        }
      }
    }
    #expect(run.run(flows).count == flows.count)
  }

  @Test(arguments: 0..<200)
  func `predicted ends match the actual ends on a link`(number: Int) {
    let (capacity, flows) = Self.randomCase(number)
    var stream = RandomStream(seed: 13, purpose: "instants", number)
    var run = LinkRun(capacity: capacity)
    run.watch = { link, time in
      guard let next = link.nextEnd?.time else { return #expect(link.ends(by: time) == []) }
      let later = next.nanoseconds + Int64(stream.integer(below: 3_000_000_000))
      for limit in [time, next, SimulationTime(nanoseconds: later), .distantFuture] {
        var copy = link
        var ends: [Int] = []
        while let end = copy.nextEnd, end.time <= limit {
          ends.append(end.flow)
          copy.remove(end.flow, at: end.time)
        }
        #expect(link.ends(by: limit) == ends)
      }
    }
    #expect(run.run(flows).count == flows.count)
  }

  @Test func `flows with different caps that end together are removed in order`() {
    var link = FairShareLink(capacity: BitRate(9_000_000))
    for flow in 0..<12 {
      // All have the same rate: 12 flows of 3 to 5 Mbit/s do not fit.
      link.start(
        flow, of: FluidAmount(ByteCount(750)), cap: BitRate(3_000_000 + 1_000_000 * (flow % 3)),
        at: .zero)
    }
    var copy = link
    let together = link.nextEnd!.time
    var ends: [Int] = []
    while let end = copy.nextEnd, end.time <= together {
      ends.append(end.flow)
      copy.remove(end.flow, at: end.time)
    }
    #expect(ends.count == 12)
    #expect(link.ends(by: together) == ends)
  }

  @Test func `weights share the remainder in proportion, up to each cap`() {
    var link = FairShareLink(capacity: BitRate(100))
    let caps = [(20, 1), (1_000, 2), (1_000, 6), (12, 3)]
    for (number, (cap, weight)) in caps.enumerated() {
      link.start(
        number, of: FluidAmount(ByteCount(1_000)), cap: BitRate(cap), weight: weight, at: .zero)
    }
    // 12 at its cap; a ninth of the remaining 88 is 9.8, so no other flow is at its cap.
    let rates = caps.indices.map { link.rate(of: $0)! }
    for (rate, expected) in zip(rates, [88.0 / 9, 2 * 88.0 / 9, 6 * 88.0 / 9, 12]) {
      #expect(abs(rate - expected) < 1e-9)
    }
    // 8,000 bits at 58.67 bit/s end first.
    #expect(link.nextEnd?.flow == 2)
    #expect(abs(link.nextEnd!.time.seconds - 8_000 / (6 * 88.0 / 9)) < 1e-8)
  }

  /// Few sizes and round numbers, so that many flows end simultaneously.
  @Test(arguments: 0..<700)
  func `it matches the naive version event by event, to the last unit`(number: Int) {
    var stream = RandomStream(seed: 14, purpose: "links", number)
    let (kinds, most) = (1 + stream.integer(below: 12), 1 + stream.integer(below: 24))
    let isRound = stream.integer(below: 2) == 0
    let capacity = 1_000_000 * (1 + stream.integer(below: 30)) + (isRound ? 0 : 12_347)
    var link = FairShareLink(capacity: BitRate(capacity))
    var naive = NaiveLink(capacity: capacity)
    var running: [Int] = []
    var time = SimulationTime.zero
    for _ in 0..<200 {
      #expect(link.isConsistent && link.count == running.count)
      #expect(link.nextEnd?.flow == naive.nextEnd?.flow)
      #expect(link.nextEnd?.time == naive.nextEnd?.time)
      if let end = link.nextEnd, stream.integer(below: 2) == 0 || running.count == most {
        time = end.time
        running.removeAll { $0 == end.flow }
        #expect(link.remove(end.flow, at: time) == naive.remove(end.flow, at: time))
        continue
      }
      if stream.integer(below: 3) == 0 {
        let span = max(0, (link.nextEnd?.time ?? time).nanoseconds - time.nanoseconds)
        time = SimulationTime(
          nanoseconds: time.nanoseconds + Int64(stream.integer(below: Int(span) + 1)))
      }
      if !running.isEmpty, stream.integer(below: 6) == 0 {
        let flow = running.remove(at: stream.integer(below: running.count))
        #expect(link.remove(flow, at: time) == naive.remove(flow, at: time))
      } else {
        let flow = (0...most).filter { !running.contains($0) }[
          stream.integer(below: most + 1 - running.count)]
        let cap = 1_000_000 * (1 + stream.integer(below: kinds)) + (isRound ? 0 : number)
        let amount = FluidAmount(ByteCount(125_000 * stream.integer(below: 4)))
        let weight = number < 400 ? 1 : [1, 2, 3, 7, 1_000, 65_536][stream.integer(below: 6)]
        link.start(flow, of: amount, cap: BitRate(cap), weight: weight, at: time)
        naive.start(flow, of: amount, cap: cap, weight: weight, at: time)
        running.append(flow)
      }
    }
  }

  @Test(arguments: [
    (#""rate":2000000"#, #""rate":0"#),
    (#""rate":2000000"#, #""rate":3000000"#),
    (#""rate":2000000"#, #""rate":9223372036854775807"#),
    (#""weight":1"#, #""weight":0"#),
    (#""weight":1"#, #""weight":65537"#),
    (#""flows":[1]"#, #""flows":[0]"#),
    (#""flows":[1]"#, #""flows":[]"#),
    (#""flows":[1]"#, #""flows":[1,7]"#),
    (#""ends":[2048000000000000000],"flows":[1]"#, #""ends":[],"flows":[]"#),
    (#""ends":[2048000000000000000],"flows":[1]"#, #""ends":[-1],"flows":[1]"#),
    (#""ends":[2048000000000000000],"flows":[1]"#, #""ends":[\#(Int128(1) << 105)],"flows":[1]"#),
    (#""ends":[2048000000000000000],"flows":[1]"#, #""ends":[\#(Int128.max)],"flows":[1]"#),
    (#""isShared":false"#, #""isShared":true"#),
    (#""isShared":true"#, #""isShared":false"#),
    (#""now":1000"#, #""now":-1"#),
    (#""capacity":9000000"#, #""capacity":1000000"#),
    (#""capacity":9000000"#, #""capacity":90000000"#),
    (#""level":0"#, #""level":-1"#),
    (#""level":0"#, #""level":\#(Int128.max)"#),
    (#""service":0"#, #""service":-1"#),
    (#""service":0"#, #""service":\#(Int128.max)"#),
    (#""since":0"#, #""since":-1"#),
    (#""since":0"#, #""since":1001"#),
    (#""since":0"#, #""since":\#(Int128.max)"#),
  ])
  func `an invalid saved link is rejected`(part: String, forged: String) throws {
    let written = """
      {"capacity":9000000,"groups":[\
      {"cap":{"rate":2000000,"weight":1},"ends":[2048000000000000000],"flows":[0],"isShared":false,"service":0,"since":0},\
      {"cap":{"rate":3000000,"weight":1},"ends":[2048000000000000000],"flows":[1],"isShared":false,"service":0,"since":0},\
      {"cap":{"rate":6000000,"weight":1},"ends":[2048000000000000000],"flows":[2],"isShared":true,"service":0,"since":0}\
      ],"level":0,"now":1000}
      """
    func link(_ text: String) throws -> FairShareLink {
      try JSONDecoder().decode(FairShareLink.self, from: Data(text.utf8))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(link(written)) == Data(written.utf8))
    let range = try #require(written.range(of: part))
    let text = written.replacingCharacters(in: range, with: forged)
    #expect(throws: DecodingError.self) { try link(text) }
  }

  /// A few flows with few or many caps, some removed early, on a wide or narrow link.
  private static func randomCase(_ number: Int) -> (capacity: Int, [LinkRun.Flow]) {
    var stream = RandomStream(seed: 11, purpose: "links", number)
    let count = 1 + stream.integer(below: 16)
    let kinds = 1 + stream.integer(below: 8)
    let caps = (0..<kinds).map { _ in 1000 + stream.integer(below: 5_000_000) }
    let capacity = 1000 + stream.integer(below: 10_000_000)
    let flows = (0..<count).map { flow in
      let start = Int64(stream.integer(below: 3)) * Int64(stream.integer(below: 20_000_000_000))
      return LinkRun.Flow(
        number: flow, start: start, bytes: 1 + stream.integer(below: 3_000_000),
        cap: caps[stream.integer(below: kinds)],
        cancelled: stream.integer(below: 5) == 0
          ? start + 1 + Int64(stream.integer(below: 9_000_000_000)) : nil)
    }
    return (capacity, flows)
  }
}
