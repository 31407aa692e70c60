import Coordination
import DeviceTasks
import EventSimulation
import Federation
import Foundation
import Testing

struct BufferedCoordinatorTests {
  private func server(
    concurrency: Int = 3, buffer: Int = 2, mostStale: Int? = nil, lastVersion: Int = 100
  ) -> ScriptedServer {
    ScriptedServer(
      BufferedCoordinator(
        .init(
          concurrency: concurrency, buffer: buffer, mostStale: mostStale,
          retryAfter: .seconds(600))), lastVersion: lastVersion)
  }

  @Test func `a full buffer makes a version, whatever versions its updates are based on`()
    throws
  {
    let server = server()
    try server.begin()
    #expect(server.devicesAtWork == [0, 1, 2])
    try server.end(1, at: .seconds(1))
    #expect(server.versions.isEmpty)
    try server.end(1, .droppedUpload, at: .seconds(2))
    #expect(server.versions.isEmpty)
    try server.end(1, at: .seconds(3))
    #expect(server.versions == [.seconds(3)])
    // The next buffer has one update based on version 0 and one on version 1.
    try server.end(0, at: .seconds(4))
    try server.end(0, at: .seconds(5))
    #expect(server.versions == [.seconds(3), .seconds(5)])
  }

  @Test func `a finished task is replaced immediately, with a new random selection`() throws {
    let server = server()
    try server.begin()
    for step in 1...9 {
      try server.end(server.devicesAtWork[step % 3], at: .seconds(Int64(step)))
      #expect(server.tasks.count == 3)
    }
    #expect(server.requests.map(\.size) == [3] + .init(repeating: 1, count: 9))
    #expect(server.requests.allSatisfy { $0.isStream })
    let draws = server.requests.map(\.draw)
    #expect(Set(draws).count == draws.count && draws == draws.sorted())
    // A task's random draws belong to the selection that created it.
    #expect(server.tasks.allSatisfy { draws.contains($0.seed) })
    #expect(server.requests.map(\.round) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
  }

  @Test func `a too stale update does not count towards the buffer`() throws {
    let server = server(concurrency: 2, buffer: 1, mostStale: 1)
    try server.begin()
    for step in 1...2 { try server.end(0, at: .seconds(Int64(step))) }
    #expect(server.versions.count == 2)
    #expect(server.coordinator.rejection(ofUpdateFrom: 0, current: 2) == .stale)
    #expect(server.coordinator.rejection(ofUpdateFrom: 1, current: 2) == nil)
    try server.end(1, at: .seconds(3))
    #expect(server.versions.count == 2)
    #expect(self.server().coordinator.rejection(ofUpdateFrom: 0, current: 1_000) == nil)
  }

  // MARK: Vacancies

  /// A server whose devices are all offline until some instant.
  private func offline(_ server: ScriptedServer, until back: SimulationTime) {
    server.choose = { request, excluded in
      guard server.now >= back else { return DeviceChoice(devices: [], firstReturn: back) }
      return DeviceChoice(
        devices: Array((0..<10).filter { !excluded.contains($0) }.prefix(request.size)))
    }
  }

  @Test func `a server with free slots has one alarm, at the earliest instant`() throws {
    let server = server()
    var back = SimulationTime.seconds(50)
    server.choose = { _, excluded in
      DeviceChoice(
        devices: server.requests.count == 1 ? [0, 1, 2] : [], firstReturn: back)
    }
    try server.begin()
    #expect(server.alarms.isEmpty)
    try server.end(0, at: .seconds(1))
    #expect(server.alarms.count == 1 && server.alarms.nextTime == .seconds(50))
    try server.end(1, at: .seconds(2))
    #expect(server.alarms.count == 1 && server.alarms.nextTime == .seconds(50))
    back = .seconds(20)
    try server.end(2, at: .seconds(3))
    #expect(server.alarms.count == 1 && server.alarms.nextTime == .seconds(20))
    #expect(server.reason == nil)
  }

  @Test func `it fills its slots when the first device comes online`() throws {
    let server = server()
    offline(server, until: .seconds(30))
    try server.begin()
    #expect(server.tasks.isEmpty && server.alarms.count == 1)
    try server.pass(to: .seconds(29))
    #expect(server.tasks.isEmpty)
    try server.pass(to: .seconds(30))
    #expect(server.devicesAtWork == [0, 1, 2] && server.alarms.isEmpty)
  }

  @Test func `a device with insufficient memory is selected only once`() throws {
    let server = server()
    var asked: [Int: Int] = [:]
    server.refusal = { device in
      asked[device, default: 0] += 1
      return device % 2 == 0 ? .insufficientMemory : nil
    }
    try server.begin()
    for step in 1...20 {
      try server.end(server.devicesAtWork[0], at: .seconds(Int64(step)))
      #expect(server.tasks.count == 3)
    }
    #expect([0, 2, 4].allSatisfy { asked[$0] == 1 })
    #expect(server.devicesAtWork.allSatisfy { $0 % 2 == 1 })
  }

  @Test func `devices with insufficient charge are retried after a while`() throws {
    let server = server()
    server.refusal = { _ in server.now < .seconds(1_000) ? .insufficientCharge : nil }
    try server.begin()
    #expect(server.alarms.count == 1 && server.alarms.nextTime == .seconds(600))
    try server.pass(to: .seconds(600))
    #expect(server.alarms.count == 1 && server.alarms.nextTime == .seconds(1_200))
    try server.pass(to: .seconds(1_200))
    #expect(server.devicesAtWork == [0, 1, 2] && server.reason == nil)
  }

  @Test func `no device is selected twice at the same instant`() throws {
    let server = server(concurrency: 10)
    var asked: [Int] = []
    server.refusal = { device in
      asked.append(device)
      return device < 5 ? .insufficientCharge : nil
    }
    try server.begin()
    #expect(asked.count == 10 && Set(asked).count == 10)
    #expect(server.devicesAtWork == [5, 6, 7, 8, 9])
  }

  // MARK: Giving up

  @Test func `a run ends when no task is running and no device comes online again`() throws {
    for refusal in [TaskAdmission.insufficientMemory, .offline(until: nil)] {
      let server = server()
      server.refusal = { _ in server.requests.count > 1 ? refusal : nil }
      try server.begin()
      try server.end(0, at: .seconds(1))
      #expect(server.reason == nil, "two are at work")
      try server.end(1, at: .seconds(2))
      try server.end(2, at: .seconds(3))
      #expect(server.reason == .noEligibleDevice, "\(refusal)")
    }
  }

  @Test func `a run ends when no device can ever have sufficient charge`() throws {
    let server = server()
    server.refusal = { _ in .insufficientCharge }
    server.hasEligibleDevice = false
    try server.begin()
    try server.pass(to: .seconds(3_600))
    #expect(server.reason == .noEligibleDevice)
  }

  @Test(arguments: [(3, 100), (10, 100), (30, 300)])
  func `a run ends after too many consecutive NaN or infinite updates`(
    concurrency: Int, most: Int
  ) throws {
    let server = server(concurrency: concurrency, buffer: 5)
    server.choose = ScriptedServer.first(of: 100)
    try server.begin()
    for _ in 1..<most { try server.end(server.devicesAtWork[0], .rejected, at: .seconds(1)) }
    #expect(server.reason == nil)
    // A usable update in between resets the count.
    try server.end(server.devicesAtWork[0], at: .seconds(2))
    for _ in 1..<most { try server.end(server.devicesAtWork[0], .rejected, at: .seconds(3)) }
    try server.end(server.devicesAtWork[0], .droppedUpload, at: .seconds(3))
    #expect(server.reason == nil)
    try server.end(server.devicesAtWork[0], .rejected, at: .seconds(4))
    #expect(server.reason == .onlyRejectedUpdates)
  }

  @Test(arguments: [(3, 10_000), (2_000, 20_000)])
  func `a run ends after too many consecutive failed tasks`(
    concurrency: Int, most: Int
  ) throws {
    let server = server(concurrency: concurrency, buffer: 5)
    server.choose = ScriptedServer.first(of: 3_000)
    try server.begin()
    func lose(_ count: Int, at time: SimulationTime) throws {
      for index in 0..<count {
        let device = server.tasks[index % concurrency].device
        try server.end(device, index % 2 == 0 ? .droppedTraining : .stale, at: time)
      }
    }
    try lose(most - 1, at: .seconds(1))
    #expect(server.reason == nil)
    // Any update resets the count.
    try server.end(server.tasks[0].device, at: .seconds(2))
    try lose(most - 1, at: .seconds(3))
    try server.end(server.tasks[0].device, .rejected, at: .seconds(3))
    try lose(most - 1, at: .seconds(3))
    #expect(server.reason == nil)
    try lose(1, at: .seconds(4))
    #expect(server.reason == .onlyLostTasks)
  }

  @Test func `it retries for a week while no online device is eligible`() throws {
    let server = server()
    var suitable = [0, 1]
    server.choose = { _, excluded in
      var choice = DeviceChoice(
        devices: suitable.filter { !excluded.contains($0) },
        firstReturn: server.now < .seconds(7) ? .seconds(7) : nil)
      choice.hadCandidates = true
      return choice
    }
    try server.begin()
    #expect(server.devicesAtWork == [0, 1])
    suitable = []
    try server.end(0, at: .seconds(1))
    // While one task is running, the next device to come online may fill the slot.
    #expect(server.alarms.nextTime == .seconds(7))
    try server.end(1, at: .seconds(8))
    #expect(server.alarms.nextTime == .seconds(608) && server.reason == nil)
    try server.pass(to: .seconds(608 + 998 * 600 - 1))
    #expect(server.reason == nil)
    try server.pass(to: .seconds(608 + 998 * 600))
    #expect(server.reason == .noSuitableDevice)
  }

  @Test func `no task follows the last version`() throws {
    let server = server(lastVersion: 1)
    try server.begin()
    for device in [0, 1] { try server.end(device, at: .seconds(1)) }
    #expect(server.versions.count == 1)
    // The first update's device has been replaced, the second's has not.
    #expect(server.tasks.count == 2)
  }

  @Test func `a coordinator saved between updates continues identically`() throws {
    let server = server()
    offline(server, until: .seconds(30))
    try server.begin()
    server.coordinator = try JSONDecoder().decode(
      BufferedCoordinator.self, from: JSONEncoder().encode(server.coordinator))
    try server.pass(to: .seconds(30))
    try server.end(0, at: .seconds(31))
    let seeds = server.tasks.map(\.seed)
    server.coordinator = try JSONDecoder().decode(
      BufferedCoordinator.self, from: JSONEncoder().encode(server.coordinator))
    try server.end(1, at: .seconds(32))
    #expect(server.versions == [.seconds(32)])
    #expect(server.tasks.last!.seed > seeds.max()!)
  }
}
