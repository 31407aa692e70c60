import EventSimulation
import Fleet

/// The ledger of one method: its rows go to the run's tables, and its sums into the summary.
final class MethodLedger: SimulationLedger {
  private let method: String
  private let seed: UInt64
  private let folder: ResultsFolder
  private let report: (_ round: Int, Double?, SimulationTime, ByteCount) -> Void
  /// Rows of tasks that wait for their round's end, so that a table is written round by round.
  private var waiting: [TaskRecord] = []
  private(set) var rounds: [RoundRecord] = []

  init(
    _ method: String, seed: UInt64, _ folder: ResultsFolder,
    report: @escaping (_ round: Int, Double?, SimulationTime, ByteCount) -> Void
  ) {
    self.method = method
    self.seed = seed
    self.folder = folder
    self.report = report
  }

  func record(_ task: TaskRecord) {
    if folder.keepsTasks { waiting.append(task) }
  }

  func record(_ round: RoundRecord) throws {
    try flush()
    try folder.append(round, method: method, seed: seed)
    rounds.append(round)
    report(round.round, round.testAccuracy, round.time, round.cumulativeBytes)
  }

  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws {
    try flush()
    report(round, nil, time, bytes)
  }

  private func flush() throws {
    try folder.append(waiting, method: method, seed: seed)
    waiting = []
  }
}
