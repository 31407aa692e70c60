import DeviceTasks
import EventSimulation
import Federation
import Randomness

/// The settings shared by all edges.
package struct EdgeRules: Codable, Sendable {
  package var edges: Int
  /// The number of versions that an edge creates from each cloud version.
  package var roundsPerEdge: Int
  /// Whether an edge starts no tasks from the upload of its version until it adopts the next one.
  package var edgesWait: Bool
  /// The number of edge versions per cloud version; nil to wait for all participating edges.
  package var buffer: Int?
  /// The maximum staleness of an edge's version, in cloud versions; nil for no limit.
  package var mostStale: Int?
  /// How edges fail; nil if they do not.
  package var failures: Failures?

  package init(
    edges: Int, roundsPerEdge: Int, edgesWait: Bool, buffer: Int? = nil, mostStale: Int? = nil,
    failures: Failures? = nil
  ) {
    precondition(edges > 0 && roundsPerEdge > 0, "there is an edge, and it makes a version")
    self.edges = edges
    self.roundsPerEdge = roundsPerEdge
    self.edgesWait = edgesWait
    self.buffer = buffer
    self.mostStale = mostStale
    self.failures = failures
  }

  /// How edges fail: with a given probability each time an edge starts to download a version.
  ///
  /// The failure interrupts one stage, drawn uniformly: the download, one of the edge's own
  /// versions, or the upload. A transfer is interrupted after a random fraction of its time. A
  /// version is interrupted after a random fraction of the task ends expected for it, at least one,
  /// or when it is due if fewer occur.
  package struct Failures: Codable, Sendable {
    package var probability: Double
    /// The time until a failed edge restarts, without a version.
    package var restart: SimulationDuration
    /// The number of task ends expected per edge version.
    package var tasksPerVersion: Int
    package var seed: UInt64

    package init(
      probability: Double, restart: SimulationDuration, tasksPerVersion: Int, seed: UInt64
    ) {
      self.probability = probability
      self.restart = restart
      self.tasksPerVersion = tasksPerVersion
      self.seed = seed
    }
  }
}

/// Coordinates edges between the cloud and the devices (HierFAVG: Liu et al., arXiv 1905.06641).
///
/// An edge downloads the cloud's version, creates `roundsPerEdge` versions with its devices, and
/// uploads the last one. Each edge has its own coordinator, which treats the edge as its server and
/// does not see the cloud. The cloud either waits for all participating edges or creates versions
/// as theirs arrive.
///
/// While an edge has no version to start tasks from, its coordinator sees no device online, and its
/// alarms are deferred.
package struct EdgeCoordinator<Inner: Coordinator>: Coordinator {
  private var inners: [Inner]
  private var tier: EdgeTier

  /// - Parameter inner: the initial coordinator of each edge.
  package init(_ rules: EdgeRules, edgesWith inner: Inner) {
    inners = .init(repeating: inner, count: rules.edges)
    tier = EdgeTier(rules)
  }

  package var overlapsTasks: Bool { inners[0].overlapsTasks }

  package func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome? {
    inners[0].rejection(ofUpdateFrom: base, current: current)
  }

  package func isTooLong(_ duration: SimulationDuration) -> Bool {
    inners[0].isTooLong(duration)
  }

  // MARK: Events

  package mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) throws {
    for edge in inners.indices {
      try act(at: edge, server, time) { try $0.begin($1, at: time) }
    }
    try tier.begin(server, at: time)
  }

  package mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    let (number, edge) = alarm.number.quotientAndRemainder(dividingBy: inners.count)
    if let kind = EdgeTier.Kind(rawValue: alarm.kind) {
      try tier.alarm(kind, edge, course: number, server, at: time)
    } else if tier.isOpen(edge) {
      try act(at: edge, server, time) {
        try $0.alarm(Alarm(kind: alarm.kind, number: number), $1, at: time)
      }
    } else {
      tier.hold(alarm, at: edge)
    }
    try endBrokenOffTasks(server, at: time)
  }

  package mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    guard let edge = end.edge else { preconditionFailure("a task belongs to an edge") }
    tier.countEnd(at: edge)
    try act(at: edge, server, time) { try $0.taskEnded(end, $1, at: time) }
    try tier.failIfDue(edge, server, at: time)
    try endBrokenOffTasks(server, at: time)
  }

  /// Reports tasks that failed with their edges to the edges' coordinators.
  private mutating func endBrokenOffTasks(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    while let edge = tier.nextToLoseUpdates() { inners[edge].updatesLost() }
    while !server.isFinished, let (edge, end) = tier.nextBrokenOff() {
      try act(at: edge, server, time) { try $0.taskEnded(end, $1, at: time) }
    }
  }

  /// Runs an action of an edge's coordinator.
  private mutating func act(
    at edge: Int, _ server: any CoordinatedServer, _ time: SimulationTime,
    _ body: (inout Inner, any CoordinatedServer) throws -> Void
  ) throws {
    let view = EdgeView(edge, server, tier)
    defer { tier = view.tier }
    try body(&inners[edge], view)
  }
}

/// An edge as seen by its coordinator: a server whose versions are forwarded to the cloud.
private final class EdgeView: CoordinatedServer {
  private let number: Int
  private let server: any CoordinatedServer
  private let edge: any EdgeServer
  var tier: EdgeTier

  init(_ number: Int, _ server: any CoordinatedServer, _ tier: EdgeTier) {
    self.number = number
    self.server = server
    edge = server.edge(number)
    self.tier = tier
  }

  var versionNumber: Int { edge.versionNumber }
  var tasksInFlight: Int { edge.tasksInFlight }
  var busyDevices: Set<Int> { edge.busyDevices }
  var isFinished: Bool { server.isFinished || tier.isRetired(number) }

  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice {
    tier.isOpen(number)
      ? edge.select(request, excluding: excluded, at: time)
      : DeviceChoice(devices: [], firstReturn: time)
  }

  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission] { try edge.start(clients, taskSeed: taskSeed, at: time) }

  func makeVersion(at time: SimulationTime) throws {
    guard !server.isFinished else { return }
    try edge.makeVersion(at: time)
    try tier.versionMade(number, server, at: time)
  }

  func hasEligibleDevice(at time: SimulationTime) -> Bool { edge.hasEligibleDevice(at: time) }

  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws {
    try tier.retire(number, reason, server, at: time)
  }

  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle {
    precondition(EdgeTier.Kind(rawValue: alarm.kind) == nil, "these kinds are the tier's own")
    return server.set(
      Alarm(kind: alarm.kind, number: alarm.number * tier.count + number), at: time)
  }

  func cancel(_ alarm: EventHandle) { server.cancel(alarm) }
}

/// The state of the exchange between the edges and the cloud.
private struct EdgeTier: Codable, Sendable {
  /// The kinds of alarms, which carry the edge and the number of its cycle.
  enum Kind: UInt8 {
    case downloaded = 200
    case uploaded
    case failed
    case restarted
  }

  private struct Edge: Codable {
    var phase = Phase.idle
    /// The number of downloads started and failures so far.
    var course = 0
    /// The number of edge versions since the last adopted cloud version.
    var rounds = 0
    /// The number of task ends since its last version.
    var ends = 0
    /// Where it fails in this cycle; nil if it does not fail.
    var failure: Failure?
    /// Whether tasks can start from its version.
    var isOpen = false
    /// Whether it adopts no further version.
    var isLeaving = false
    /// Its coordinator's alarms that were due while it was not open.
    var held: [Alarm] = []
  }

  private enum Phase: UInt8, Codable {
    /// It does not take part in the current cloud version, but can in the next.
    case idle
    case downloading, working, uploading
    /// It has failed.
    case down
    /// None of its devices can take part any longer.
    case retired
  }

  /// A point in a cycle: the stage, 0 for the download, and the fraction of it.
  private struct Failure: Codable {
    let stage: Int
    let part: Double
  }

  private let rules: EdgeRules
  private var edges: [Edge]
  /// The number of the cloud version that each edge last adopted.
  private var bases: [Int]
  /// The number of participating edges that a synchronous cloud still waits for.
  private var awaited = 0
  /// The number of edge versions received since the last cloud version.
  private var received = 0
  /// The number of consecutive edge failures without an edge version received.
  private var failedInARow = 0
  /// Failed edges, and tasks that ended with them, not yet reported to their coordinators.
  private var losingUpdates: [Int] = []
  private var brokenOff: [BrokenOff] = []

  private struct BrokenOff: Codable {
    let edge: Int
    let baseVersion: Int
    let outcome: TaskOutcome
  }

  init(_ rules: EdgeRules) {
    self.rules = rules
    edges = .init(repeating: Edge(), count: rules.edges)
    bases = .init(repeating: 0, count: rules.edges)
  }

  var count: Int { edges.count }

  func isOpen(_ edge: Int) -> Bool { edges[edge].isOpen }

  func isRetired(_ edge: Int) -> Bool { edges[edge].phase == .retired || edges[edge].isLeaving }

  mutating func hold(_ alarm: Alarm, at edge: Int) { edges[edge].held.append(alarm) }

  mutating func nextToLoseUpdates() -> Int? { losingUpdates.popLast() }

  mutating func nextBrokenOff() -> (edge: Int, end: TaskEnd)? {
    guard !brokenOff.isEmpty else { return nil }
    let first = brokenOff.removeFirst()
    return (
      first.edge,
      TaskEnd(baseVersion: first.baseVersion, outcome: first.outcome, edge: first.edge)
    )
  }

  mutating func alarm(
    _ kind: Kind, _ edge: Int, course: Int, _ server: any CoordinatedServer,
    at time: SimulationTime
  ) throws {
    guard course == edges[edge].course else { return }
    switch kind {
    case .downloaded: try downloaded(edge, server, at: time)
    case .uploaded: try uploaded(edge, server, at: time)
    case .failed: try fail(edge, server, at: time)
    case .restarted:
      edges[edge].phase = .idle
      server.edge(edge).restart(at: time)
      if edges[edge].isLeaving { return try leave(edge, .noEligibleDevice, server, at: time) }
      if rules.buffer != nil {
        try download(edge, server, at: time)
      } else if awaited == 0 {
        try beginVersion(server, at: time)
      }
    }
  }

  private func set(
    _ kind: Kind, _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) {
    _ = server.set(
      Alarm(kind: kind.rawValue, number: edges[edge].course * edges.count + edge), at: time)
  }

  // MARK: An edge's cycle

  mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) throws {
    try beginVersion(server, at: time)
  }

  /// Starts the download of the cloud's version to an edge.
  private mutating func download(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    edges[edge].phase = .downloading
    edges[edge].course += 1
    edges[edge].rounds = 0
    edges[edge].ends = 0
    edges[edge].failure = drawnFailure(edge, server.edge(edge).hasBackhaul)
    bases[edge] = server.versionNumber
    try transfer(
      .downloaded, stage: 0, edge, until: server.edge(edge).beginDownload(at: time), server,
      at: time)
  }

  private mutating func downloaded(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    try server.edge(edge).endDownload(at: time)
    edges[edge].phase = .working
    if edges[edge].isLeaving { return try leave(edge, .noEligibleDevice, server, at: time) }
    edges[edge].isOpen = true
    let held = edges[edge].held
    edges[edge].held = []
    for alarm in held { _ = server.set(alarm, at: time) }
  }

  /// Handles an edge's new version.
  mutating func versionMade(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    edges[edge].ends = 0
    guard edges[edge].phase == .working else { return }
    if let failure = edges[edge].failure, failure.stage == edges[edge].rounds + 1 {
      return try fail(edge, server, at: time)
    }
    edges[edge].rounds += 1
    if edges[edge].rounds == rules.roundsPerEdge { try upload(edge, server, at: time) }
  }

  private mutating func upload(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    edges[edge].phase = .uploading
    if rules.edgesWait { edges[edge].isOpen = false }
    try transfer(
      .uploaded, stage: rules.roundsPerEdge + 1, edge,
      until: server.edge(edge).beginUpload(at: time), server, at: time)
  }

  /// Waits for a transfer to end or fail; without a backhaul, it ends immediately.
  private mutating func transfer(
    _ kind: Kind, stage: Int, _ edge: Int, until end: SimulationTime?,
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    if let end, let failure = edges[edge].failure, failure.stage == stage {
      let span = Double((end - time).nanoseconds) * failure.part
      set(.failed, edge, server, at: time + SimulationDuration(nanoseconds: Int64(span)))
    } else if let end {
      set(kind, edge, server, at: end)
    } else if kind == .downloaded {
      try downloaded(edge, server, at: time)
    } else {
      try uploaded(edge, server, at: time)
    }
  }

  /// Handles an edge's version at the cloud.
  private mutating func uploaded(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    let staleness = server.versionNumber - bases[edge]
    let isUsed = staleness <= rules.mostStale ?? .max
    try server.edge(edge).endUpload(isUsed: isUsed, staleness: staleness, at: time)
    failedInARow = 0
    if isUsed { received += 1 }
    edges[edge].phase = .idle
    if edges[edge].isLeaving {
      edges[edge].phase = .retired
      edges[edge].isOpen = false
      try server.edge(edge).retire(at: time)
    }
    guard let buffer = rules.buffer else { return try answered(server, at: time) }
    if received >= buffer {
      received = 0
      try server.makeVersion(at: time)
      if server.isFinished { return }
    }
    if edges[edge].phase == .idle {
      try download(edge, server, at: time)
    } else {
      try giveUpIfAllRetired(.noEligibleDevice, server, at: time)
    }
  }

  // MARK: Cloud versions

  /// Handles the response or the failure of an edge that a synchronous cloud waits for.
  private mutating func answered(_ server: any CoordinatedServer, at time: SimulationTime) throws {
    awaited -= 1
    guard awaited == 0 else { return }
    received = 0
    try server.makeVersion(at: time)
    if !server.isFinished { try beginVersion(server, at: time) }
  }

  /// Sends the current version to all idle edges.
  private mutating func beginVersion(
    _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    let present = edges.indices.filter { edges[$0].phase == .idle }
    if present.isEmpty { return try giveUpIfAllRetired(.noEligibleDevice, server, at: time) }
    awaited = present.count
    for edge in present { try download(edge, server, at: time) }
  }

  // MARK: Retirement

  /// Retires an edge whose devices can no longer take part; its last version is uploaded first.
  mutating func retire(
    _ edge: Int, _ reason: GiveUpReason, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    edges[edge].isLeaving = true
    switch edges[edge].phase {
    case .working where edges[edge].rounds > 0: try upload(edge, server, at: time)
    case .working, .idle: try leave(edge, reason, server, at: time)
    // The current wait ends first.
    case .downloading, .uploading, .down, .retired: break
    }
  }

  /// Excludes an edge from all further versions.
  private mutating func leave(
    _ edge: Int, _ reason: GiveUpReason, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    let tookPart = edges[edge].phase == .working
    edges[edge].phase = .retired
    edges[edge].isOpen = false
    try server.edge(edge).retire(at: time)
    if edges.allSatisfy({ $0.phase == .retired }), rules.buffer != nil || received == 0 {
      return try server.giveUp(reason, at: time)
    }
    if rules.buffer == nil, tookPart { try answered(server, at: time) }
  }

  private func giveUpIfAllRetired(
    _ reason: GiveUpReason, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    if edges.allSatisfy({ $0.phase == .retired }) { try server.giveUp(reason, at: time) }
  }

  // MARK: Failures

  private func drawnFailure(_ edge: Int, _ hasBackhaul: Bool) -> Failure? {
    guard let failures = rules.failures, failures.probability > 0 else { return nil }
    var stream = RandomStream(
      seed: failures.seed, purpose: "edge failure", edges[edge].course, edge)
    guard stream.uniform() < failures.probability else { return nil }
    // Transfers without a backhaul take no time, so no failure can interrupt them.
    let stages = hasBackhaul ? 0...rules.roundsPerEdge + 1 : 1...rules.roundsPerEdge
    let stage = stages.lowerBound + stream.integer(below: stages.count)
    return Failure(stage: stage, part: stream.uniform())
  }

  mutating func countEnd(at edge: Int) { edges[edge].ends += 1 }

  /// Fails an edge within a version once enough tasks have ended.
  mutating func failIfDue(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    guard !server.isFinished, edges[edge].phase == .working, let failures = rules.failures,
      let failure = edges[edge].failure, failure.stage == edges[edge].rounds + 1,
      edges[edge].ends > Int(failure.part * Double(failures.tasksPerVersion))
    else { return }
    try fail(edge, server, at: time)
  }

  private mutating func fail(
    _ edge: Int, _ server: any CoordinatedServer, at time: SimulationTime
  ) throws {
    edges[edge].phase = .down
    edges[edge].isOpen = false
    edges[edge].course += 1
    losingUpdates.append(edge)
    brokenOff += try server.edge(edge).fail(at: time).map {
      BrokenOff(edge: edge, baseVersion: $0.baseVersion, outcome: $0.outcome)
    }
    failedInARow += 1
    if failedInARow >= max(10_000, 10 * edges.count) {
      return try server.giveUp(.onlyLostTasks, at: time)
    }
    set(.restarted, edge, server, at: time + rules.failures!.restart)
    if rules.buffer == nil { try answered(server, at: time) }
  }
}
