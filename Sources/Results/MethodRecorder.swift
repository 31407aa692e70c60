import EventSimulation
import Fleet

/// Writes the rows of one method to the run's tables, and keeps what its summary needs.
package final class MethodRecorder: SimulationRecorder {
  private let method: String
  private let seed: UInt64
  private let folder: ResultsFolder
  private let target: Double?
  private let report: (Report) -> Void
  package private(set) var record: Record

  /// A progress report.
  package enum Report {
    /// A version was created; includes its accuracy if it was tested.
    case version(round: Int, accuracy: Double?, SimulationTime, ByteCount)
    /// The number of classified test images, and their total.
    case testing(Int, of: Int)
  }

  /// The recorder's state that is not in the tables.
  package struct Record: Codable, Sendable {
    /// Rows of tasks held back until the end of their round, so that the table is written round by
    /// round.
    fileprivate var waiting: [TaskRecord] = []
    fileprivate var waitingEdges: [EdgeRecord] = []
    /// Nil before the first tested version.
    package fileprivate(set) var history: MethodHistory?

    package init() {}
  }

  /// - Parameters:
  ///   - target: the target accuracy.
  ///   - record: the state of a recorder to resume from.
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

  /// Writes the rows still held back if a method ends without a last version.
  package func flush() throws {
    try folder.append(record.waiting, method: method, seed: seed)
    record.waiting = []
    try folder.append(record.waitingEdges, method: method, seed: seed)
    record.waitingEdges = []
  }
}
