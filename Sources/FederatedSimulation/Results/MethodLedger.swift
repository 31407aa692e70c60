import EventSimulation
import Fleet

/// The ledger of one method: its rows go to the run's tables, and its sums into the summary.
final class MethodLedger: SimulationLedger {
  private let method: String
  private let seed: UInt64
  private let folder: ResultsFolder
  private let target: Double?
  private let report: (_ round: Int, Double?, SimulationTime, ByteCount) -> Void
  private(set) var record: Record

  /// What of it is not in the tables.
  struct Record: Codable, Sendable {
    /// Rows of tasks that wait for their round's end, so that a table is written round by round.
    var waiting: [TaskRecord] = []
    /// Nil before the first tested version.
    var course: MethodCourse?
  }

  /// - Parameters:
  ///   - target: the accuracy that is asked for.
  ///   - record: of the ledger that this one goes on from.
  init(
    _ method: String, seed: UInt64, target: Double?, _ folder: ResultsFolder,
    goingOnFrom record: Record = Record(),
    report: @escaping (_ round: Int, Double?, SimulationTime, ByteCount) -> Void
  ) {
    self.method = method
    self.seed = seed
    self.target = target
    self.folder = folder
    self.record = record
    self.report = report
  }

  func record(_ task: TaskRecord) {
    if folder.keepsTasks { record.waiting.append(task) }
  }

  func record(_ round: RoundRecord) throws {
    try flush()
    try folder.append(round, method: method, seed: seed)
    if record.course?.add(round, target: target) == nil {
      record.course = MethodCourse(round, target: target)
    }
    report(round.round, round.testAccuracy, round.time, round.cumulativeBytes)
  }

  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws {
    try flush()
    report(round, nil, time, bytes)
  }

  /// Writes the rows that still wait when a method ends without a last version.
  func flush() throws {
    try folder.append(record.waiting, method: method, seed: seed)
    record.waiting = []
  }
}
