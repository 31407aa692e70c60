import Foundation
import Pretraining

/// A line on standard error with the progress of pretraining.
struct PretrainingLine {
  private let line: TerminalLine
  private let steps: Int
  private let pace = Pace()
  private var recent: [Double] = []
  private var score: BaseScore?
  private var firstStep: Int?

  init(_ line: TerminalLine, steps: Int) {
    self.line = line
    self.steps = steps
  }

  mutating func show(_ progress: PretrainingProgress) {
    // After resuming, the rate is that of the steps since.
    let first = firstStep ?? progress.step - 1
    firstStep = first
    recent = recent.suffix(49) + [progress.loss]
    score = progress.score ?? score
    let mean = recent.reduce(0, +) / Double(recent.count)
    let accuracy =
      score?.zeroShot.map { " · zero-shot \(($0 * 100).formatted(decimals: 1)) %" } ?? ""
    line.show(
      "step \(progress.step)/\(steps) · loss \(mean.significant)" + accuracy
        + pace.left(done: progress.step - first, of: steps - first))
  }
}
