import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Foundation
import Testing

struct RoundCoordinatorTests {
  private func server(
    selected: Int = 4, awaited: Int? = 2, deadline: Int64? = nil, endsAtDeadline: Bool = false,
    keepsLateUpdates: Bool = false, lastVersion: Int = 100
  ) -> ScriptedServer {
    ScriptedServer(
      RoundCoordinator(
        .init(
          selected: selected, awaited: awaited, deadline: deadline.map { .seconds($0) },
          endsAtDeadline: endsAtDeadline, keepsLateUpdates: keepsLateUpdates,
          retryAfter: .seconds(600))), lastVersion: lastVersion)
  }

  @Test func `a round ends with the required updates, and the next begins immediately`() throws {
    let server = server()
    try server.begin()
    #expect(server.devicesAtWork == [0, 1, 2, 3])
    try server.end(2, at: .seconds(5))
    #expect(server.versions.isEmpty)
    try server.end(0, at: .seconds(7))
    #expect(server.versions == [.seconds(7)])
    // Devices that are still busy are not selected again.
    #expect(server.devicesAtWork == [0, 1, 2, 3, 4, 5])
    #expect(server.tasks.map(\.baseVersion) == [0, 0, 1, 1, 1, 1])
    #expect(server.tasks.map(\.seed) == [1, 1, 2, 2, 2, 2])
    #expect(server.requests.map(\.round) == [1, 2] && server.requests.map(\.draw) == [1, 2])
    #expect(server.requests.allSatisfy { !$0.isStream && $0.size == 4 })
  }

  @Test func `updates of an earlier round do not end a later one`() throws {
    let server = server()
    try server.begin()
    for device in [0, 1] { try server.end(device, at: .seconds(1)) }
    try server.end(2, at: .seconds(2))
    try server.end(3, at: .seconds(2))
    #expect(server.versions == [.seconds(1)])
    for device in [0, 1] { try server.end(device, at: .seconds(3)) }
    #expect(server.versions == [.seconds(1), .seconds(3)])
  }

  @Test func `a round that waits for all selected devices waits for all`() throws {
    // The size of a Poisson sample, above or below the expected size.
    for count in [1, 3, 7] {
      let server = server(selected: 3, awaited: nil)
      server.choose = { _, _ in
        var choice = DeviceChoice(devices: Array(0..<count))
        choice.isBinding = true
        return choice
      }
      try server.begin()
      for device in 0..<count {
        #expect(server.versions.isEmpty)
        try server.end(device, at: .seconds(Int64(device)))
      }
      #expect(server.versions == [.seconds(Int64(count - 1))])
    }
  }

  @Test func `a round with too many dropouts ends with the last of them`() throws {
    let server = server()
    try server.begin()
    try server.end(0, .droppedTraining, at: .seconds(1))
    try server.end(1, at: .seconds(2))
    try server.end(2, .rejected, at: .seconds(3))
    #expect(server.versions.isEmpty)
    try server.end(3, .droppedUpload, at: .seconds(9))
    #expect(server.versions == [.seconds(9)])
  }

  // MARK: Deadlines

  @Test func `a deadline ends a round, and is cancelled if the round ends earlier`() throws {
    let server = server(deadline: 10)
    try server.begin()
    try server.end(0, at: .seconds(1))
    try server.pass(to: .seconds(10))
    #expect(server.versions == [.seconds(10)])
    // Round 2 ends before its deadline at 20 s, so round 3's deadline is at 22 s.
    for device in [0, 4] { try server.end(device, at: .seconds(12)) }
    #expect(server.versions == [.seconds(10), .seconds(12)])
    try server.pass(to: .seconds(21))
    #expect(server.versions.count == 2)
    try server.pass(to: .seconds(22))
    #expect(server.versions.last == .seconds(22))
  }

  @Test(arguments: [false, true])
  func `an update after its round is discarded as late, or kept`(keepsLateUpdates: Bool) throws {
    let coordinator = server(deadline: 10, keepsLateUpdates: keepsLateUpdates).coordinator
    #expect(coordinator.rejection(ofUpdateFrom: 3, current: 3) == nil)
    #expect(
      coordinator.rejection(ofUpdateFrom: 2, current: 3) == (keepsLateUpdates ? nil : .late))
    #expect(coordinator.isTooLong(.seconds(11)) == !keepsLateUpdates)
    #expect(!coordinator.isTooLong(.seconds(10)))
  }

  @Test func `if only the deadline ends rounds, receiving all updates does not`() throws {
    let server = server(deadline: 10, endsAtDeadline: true)
    try server.begin()
    for device in 0..<4 { try server.end(device, at: .seconds(1)) }
    #expect(server.versions.isEmpty)
    try server.pass(to: .seconds(10))
    #expect(server.versions == [.seconds(10)])
  }

  @Test(arguments: [
    (4, 4, Int64?.none, false), (4, nil, nil, false), (4, 2, nil, true), (4, 4, 10, true),
  ])
  func `tasks overlap if a round may end before all of its tasks`(
    selected: Int, awaited: Int?, deadline: Int64?, overlaps: Bool
  ) {
    let server = server(selected: selected, awaited: awaited, deadline: deadline)
    #expect(server.coordinator.overlapsTasks == overlaps)
  }

  // MARK: No devices available

  @Test func `a round whose devices are all busy begins when one is idle`() throws {
    let server = server(selected: 10, deadline: 10)
    try server.begin()
    try server.pass(to: .seconds(10))
    // Version 1 exists; all ten are still busy, and no deadline is pending.
    #expect(server.versions == [.seconds(10)] && server.tasks.count == 10)
    try server.pass(to: .seconds(15))
    #expect(server.versions.count == 1)
    try server.end(7, at: .seconds(15))
    #expect(server.tasks.filter { $0.baseVersion == 1 }.map(\.device) == [7])
    #expect(server.versions.count == 1)
    try server.pass(to: .seconds(25))
    #expect(server.versions == [.seconds(10), .seconds(25)])
  }

  @Test func `a server that knows availability begins a round when the first device comes online`()
    throws
  {
    let server = server()
    server.choose = { _, _ in
      DeviceChoice(
        devices: server.now < .seconds(30) ? [] : [1, 2], firstReturn: .seconds(30))
    }
    try server.begin()
    #expect(server.versions.isEmpty && server.tasks.isEmpty)
    try server.pass(to: .seconds(30))
    #expect(server.devicesAtWork == [1, 2] && server.versions.isEmpty)
    #expect(server.requests.map(\.round) == [1, 1])
  }

  @Test func `an entirely offline cohort delays the round, which is empty`() throws {
    let server = server()
    server.refusal = { device in
      server.now < .seconds(20) ? .offline(until: .seconds(20 + Int64(device))) : nil
    }
    try server.begin()
    #expect(server.versions.isEmpty && server.tasks.isEmpty && server.reason == nil)
    try server.pass(to: .seconds(20))
    #expect(server.versions == [.seconds(20)])
    #expect(server.devicesAtWork == [0, 1, 2, 3])
  }

  @Test func `a cohort with insufficient charge is retried after a while`() throws {
    let server = server()
    server.refusal = { _ in server.now < .seconds(1_200) ? .insufficientCharge : nil }
    try server.begin()
    try server.pass(to: .seconds(1_199))
    #expect(server.versions == [.seconds(600)] && server.tasks.isEmpty)
    try server.pass(to: .seconds(1_200))
    #expect(server.versions == [.seconds(600), .seconds(1_200)])
    #expect(server.devicesAtWork == [0, 1, 2, 3])
  }

  @Test func `a single eligible device makes a round on its own`() throws {
    let server = server()
    server.refusal = { [.insufficientMemory, .insufficientCharge, nil, .offline(until: nil)][$0] }
    try server.begin()
    #expect(server.devicesAtWork == [2] && server.versions.isEmpty)
    try server.end(2, at: .seconds(4))
    #expect(server.versions == [.seconds(4)] && server.reason == nil)
  }

  @Test func `a run without any eligible device ends`() throws {
    for refusal in [TaskAdmission.insufficientMemory, .offline(until: nil), .insufficientCharge] {
      let server = server(deadline: 10)
      server.refusal = { _ in refusal }
      server.hasEligibleDevice = false
      try server.begin()
      #expect(server.reason == .noEligibleDevice && server.versions.isEmpty, "\(refusal)")
      #expect(server.alarms.isEmpty, "no deadline is left behind")
    }
  }

  @Test func `the next round may select devices outside a failed cohort`() throws {
    let server = server()
    server.refusal = { device in server.requests.count == 1 ? .insufficientMemory : nil }
    try server.begin()
    // Round 1 is empty, and round 2 has its devices.
    #expect(server.versions == [.zero] && server.devicesAtWork == [0, 1, 2, 3])
  }

  @Test(arguments: [false, true])
  func `an empty selection ends the run if no device can be eligible`(hasDevices: Bool) throws {
    let server = server(lastVersion: 3)
    server.choose = { _, _ in DeviceChoice(devices: []) }
    server.hasEligibleDevice = hasDevices
    try server.begin()
    #expect(server.reason == (hasDevices ? nil : .noEligibleDevice))
    #expect(server.versions.count == (hasDevices ? 3 : 0))
  }

  @Test func `it retries with new draws while no online device is eligible`() throws {
    let server = server()
    server.choose = { request, _ in
      var choice = DeviceChoice(
        devices: request.draw == -3 ? [4, 5] : [], firstReturn: .seconds(100_000))
      choice.hadCandidates = true
      return choice
    }
    try server.begin()
    try server.pass(to: .seconds(1_799))
    #expect(
      server.requests.map(\.draw) == [1, -1, -2] && server.requests.map(\.round) == [1, 1, 1])
    #expect(server.versions.isEmpty && server.devicesAtWork == [])
    try server.pass(to: .seconds(1_800))
    #expect(server.devicesAtWork == [4, 5])
    try server.end(4, at: .seconds(1_801))
    try server.end(5, at: .seconds(1_802))
    #expect(server.requests.last!.draw == 2 && server.requests.last!.round == 2)
  }

  @Test func `a run ends when no online device is eligible for a week`() throws {
    for isEligible in [true, false] {
      let server = server()
      server.choose = { _, _ in
        var choice = DeviceChoice(devices: [])
        choice.hadCandidates = true
        return choice
      }
      server.hasEligibleDevice = isEligible
      try server.begin()
      try server.pass(to: .seconds(999 * 600))
      #expect(server.reason == (isEligible ? .noSuitableDevice : .noEligibleDevice))
      #expect(server.requests.count == (isEligible ? 1_000 : 1) && server.versions.isEmpty)
    }
  }

  @Test func `no round follows the last version`() throws {
    let server = server(lastVersion: 1)
    try server.begin()
    for device in [0, 1] { try server.end(device, at: .seconds(1)) }
    #expect(server.versions.count == 1 && server.requests.count == 1 && server.alarms.isEmpty)
  }

  @Test func `a coordinator saved in the middle of a round continues identically`() throws {
    let server = server(deadline: 10)
    try server.begin()
    try server.end(3, at: .seconds(1))
    server.coordinator = try JSONDecoder().decode(
      RoundCoordinator.self, from: JSONEncoder().encode(server.coordinator))
    try server.end(1, at: .seconds(2))
    #expect(server.versions == [.seconds(2)])
    try server.pass(to: .seconds(11))
    #expect(server.versions == [.seconds(2)], "the first round's deadline was cancelled")
    try server.pass(to: .seconds(12))
    #expect(server.versions == [.seconds(2), .seconds(12)])
  }
}
