import Fleet
import Foundation
import Results

/// A line on standard error with the progress of a run: a bar, its rate, and the remaining time.
final class ProgressLine: ProgressObserver {
  private let line: TerminalLine
  private var phase = ""
  private var pace = Pace()
  private var sweep: (pace: Pace, text: String)?
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant?
  private var lastAccuracy: Double?
  /// When the current test of a version started.
  private var testStart: ContinuousClock.Instant?

  init(_ line: TerminalLine) { self.line = line }

  func observe(_ progress: RunProgress) {
    switch progress {
    case .readFeatures(let count, let total):
      show("image features of \(count)/\(total) images from the cache")
    case .computingFeatures(let done, let total):
      show("image features", done, of: total, "images")
    case .warning(let sentence):
      line.clear()
      FileHandle.standardError.write(Data("flora: \(sentence)\n".utf8))
    case .combination(let number, let count, let values):
      let pace = sweep?.pace ?? Pace(before: number - 1)
      let left = pace.left(done: number - 1, of: count)
      sweep = (pace, "[\(number)/\(count) \(values)\(left)] ")
      phase = ""
    case .testing(let method, let done, let total):
      let start = testStart ?? clock.now
      testStart = done < total ? start : nil
      // Do not show a test that ends before it can be read.
      if start.duration(to: clock.now) > .milliseconds(500) {
        show("\(method) · evaluating \(ProgressBar(done: done, total: total)) images")
      }
    case .round(let round):
      if round.number == 0 { lastAccuracy = nil }
      // A version without a test shows the accuracy of the last tested one.
      lastAccuracy = round.accuracy ?? lastAccuracy
      let accuracy =
        lastAccuracy.map { " · accuracy \(($0 * 100).formatted(decimals: 1)) %" } ?? ""
      show(
        "\(round.method) (\(round.methodIndex + 1)/\(round.methodCount))", round.number,
        of: round.count, "rounds",
        detail: "\(accuracy) · \(round.time.sinceStart.spelled) virtual · \(round.bytes)")
    }
  }

  /// Shows the bar of a phase, at a limited refresh rate.
  private func show(
    _ phase: String, _ done: Int, of total: Int, _ unit: String, detail: String = ""
  ) {
    guard line.isVisible else { return }
    if phase != self.phase {
      self.phase = phase
      pace = Pace(before: done)
      lastShown = nil
    }
    let now = clock.now
    if let lastShown, done < total, lastShown.duration(to: now) < .milliseconds(50) { return }
    lastShown = now
    let rate = pace.rate(done: done).map { " · \($0.significant) \(unit)/s" } ?? ""
    let left = pace.left(done: done, of: total)
    let bar = "\(phase) \(ProgressBar(done: done, total: total))"
    let count = "\(phase) \(done)/\(total)"
    // On a narrow terminal, the rate is omitted first, then the bar.
    let head = sweep?.text ?? ""
    line.show(
      [bar + detail + rate + left, bar + detail + left, count + detail + left].map { head + $0 })
  }

  private func show(_ text: String) { line.show([(sweep?.text ?? "") + text]) }
}
