import EventSimulation
import Fleet

/// Writes the rows of one method into the run's tables, and keeps what its summary needs of them.
package final class MethodRecorder: SimulationRecorder {
  private let method: String
  private let seed: UInt64
  private let folder: ResultsFolder
  private let target: Double?
  private let report: (Report) -> Void
  package private(set) var record: Record

  /// What it tells on the way.
  package enum Report {
    /// A version was finished; its accuracy where it was tested.
    case version(round: Int, accuracy: Double?, SimulationTime, ByteCount)
    /// So many test images of so many were classified.
    case testing(Int, of: Int)
  }

  /// What of it is not in the tables.
  package struct Record: Codable, Sendable {
    /// Rows of tasks that wait for their round's end, so that a table is written round by round.
    fileprivate var waiting: [TaskRecord] = []
    fileprivate var waitingEdges: [EdgeRecord] = []
    /// Nil before the first tested version.
    package fileprivate(set) var history: MethodHistory?

    package init() {}
  }

  /// - Parameters:
  ///   - target: the accuracy that is asked for.
  ///   - record: of the recorder that this one goes on from.
  package init(
    _ method: String, seed: UInt64, target: Double?, _ folder: ResultsFolder,
    goingOnFrom record: Record = Record(),
    report: @escaping (Report) -> Void
  ) {
    self.method = method
    self.seed = seed
    self.target = target
    self.folder = folder
    self.record = record
    self.report = report
  }

  package var keepsTasks: Bool { folder.keepsTasks }

  package func record(_ task: TaskRecord) { record.waiting.append(task) }

  package func record(_ edge: EdgeRecord) { record.waitingEdges.append(edge) }

  package func record(_ round: RoundRecord) throws {
    try flush()
    try folder.append(round, method: method, seed: seed)
    if record.history?.add(round, target: target) == nil {
      record.history = MethodHistory(round, target: target)
    }
    report(
      .version(
        round: round.round, accuracy: round.testAccuracy, round.time, round.cumulativeBytes))
  }

  package func record(_ clients: [ClientRecord]) throws {
    try folder.append(clients, method: method, seed: seed)
  }

  package func testing(_ done: Int, of count: Int) { report(.testing(done, of: count)) }

  package func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws {
    try flush()
    report(.version(round: round, accuracy: nil, time, bytes))
  }

  /// Writes the rows that still wait when a method ends without a last version.
  package func flush() throws {
    try folder.append(record.waiting, method: method, seed: seed)
    record.waiting = []
    try folder.append(record.waitingEdges, method: method, seed: seed)
    record.waitingEdges = []
  }
}
