import EventSimulation
import Fleet

/// The ledger of one method: its rows go to the run's tables, and its sums into the summary.
final class MethodLedger: SimulationLedger {
  private let method: String
  private let seed: UInt64
  private let folder: ResultsFolder
  private let target: Double?
  private let report: (Report) -> Void
  private(set) var record: Record

  /// What it tells on the way.
  enum Report {
    /// A version was finished; its accuracy where it was tested.
    case version(round: Int, accuracy: Double?, SimulationTime, ByteCount)
    /// So many test images of so many were classified.
    case testing(Int, of: Int)
  }

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
    report: @escaping (Report) -> Void
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
    report(
      .version(
        round: round.round, accuracy: round.testAccuracy, round.time, round.cumulativeBytes))
  }

  func testing(_ done: Int, of count: Int) { report(.testing(done, of: count)) }

  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws {
    try flush()
    report(.version(round: round, accuracy: nil, time, bytes))
  }

  /// Writes the rows that still wait when a method ends without a last version.
  func flush() throws {
    try folder.append(record.waiting, method: method, seed: seed)
    record.waiting = []
  }
}
