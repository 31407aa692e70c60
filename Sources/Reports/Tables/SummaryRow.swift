/// A row of a run's summary.csv: the accuracy and the cost of a method.
struct SummaryRow: TableRecord {
  let method: String
  let bestRound: Int?
  let targetAccuracy: Double?
  /// The measures in the row.
  private let values: [Measure: Double]
  /// The ratio of each measure to that of full fine-tuning.
  private let ratios: [Measure: Double]

  static let requiredColumns = ["method", "bytes_down", "bytes_up", "virtual_time_s"]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    bestRound = try row.optionalInteger("best_round")
    targetAccuracy = try row.optionalNumber("target_accuracy")
    var values: [Measure: Double] = [:]
    var ratios: [Measure: Double] = [:]
    for measure in Measure.allCases {
      values[measure] = try row.optionalNumber(measure.rawValue)
      ratios[measure] = try row.optionalNumber("\(measure.rawValue)_vs_full")
    }
    self.values = values
    self.ratios = ratios
  }

  /// Computes a summary from the rounds so far, for a run interrupted before its summary.
  init(of rounds: [RoundRow], method: String) {
    self.method = method
    let best = rounds.filter { $0.accuracy != nil }.max { $0.accuracy! < $1.accuracy! }
    let down = rounds.reduce(0.0) { $0 + Double($1.bytesDown) }
    let up = rounds.reduce(0.0) { $0 + Double($1.bytesUp) }
    let energies = rounds.compactMap(\.energy)
    bestRound = best?.round
    targetAccuracy = nil
    ratios = [:]
    var values: [Measure: Double] = [
      .bytesDown: down, .bytesUp: up, .time: rounds.last?.seconds ?? 0,
      .flops: rounds.reduce(0.0) { $0 + Double($1.flops) },
    ]
    values[.startAccuracy] = rounds.first?.accuracy
    values[.finalAccuracy] = rounds.last?.accuracy
    values[.bestAccuracy] = best?.accuracy
    values[.energy] = energies.isEmpty ? nil : energies.reduce(0, +)
    if down + up > 0 {
      values[.wastedShare] = rounds.reduce(0.0) { $0 + Double($1.wastedBytes) } / (down + up)
    }
    self.values = values
  }

  subscript(_ measure: Measure) -> Double? { values[measure] }

  /// The measure's ratio to that of full fine-tuning; nil if there is no such method.
  func ratio(_ measure: Measure) -> Double? { ratios[measure] }

  /// Whether the row is that of full fine-tuning, so that all its ratios are 1.
  var isFull: Bool { ratios[.bytesDown] == 1 && ratios[.trainableParameters] == 1 }
}
