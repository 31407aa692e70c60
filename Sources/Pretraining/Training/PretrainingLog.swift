import Foundation
import Storage

/// The log of a pretraining run, with a row per step.
struct PretrainingLog {
  private static let header =
    "step,loss,learning_rate,logit_scale,zero_shot_accuracy,recall_at_1,recall_at_5\n"

  let file: URL
  private var rows: [String]

  /// Creates an empty log, or one with the first `steps` rows of the folder's.
  init(directory: URL, resumingAfter steps: Int) {
    file = directory.appending(path: "training.csv")
    let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
    rows = lines.dropFirst().prefix(steps).map(String.init)
  }

  mutating func append(_ progress: PretrainingProgress) {
    let score = progress.score
    let fields =
      [
        String(progress.step), progress.loss.decimalText, progress.learningRate.decimalText,
        progress.logitScale.decimalText,
      ]
      + [score?.zeroShot, score?.recall?.atOne, score?.recall?.atFive].map {
        $0?.decimalText ?? ""
      }
    rows.append(fields.joined(separator: ","))
  }

  /// Atomically replaces the file.
  func write() throws {
    let text = Self.header + rows.map { $0 + "\n" }.joined()
    try Data(text.utf8).write(to: file, options: .atomic)
  }
}
