import Fleet
import Foundation
import Results

/// Machine-readable progress of a run: one JSON object per line on standard error.
///
/// `event` is `features` (`cached`, or `done` of `total`), `combination` (`number` of `total`,
/// `values`), `testing` (`method`, `done` of `total` images, once per second), `round` (`method`,
/// `round` of `total`, `virtual_time_s`, `bytes`, `accuracy` if tested), or `warning` (`message`).
/// Counted events have `rate_per_s` and `seconds_left` as soon as they are known.
final class JSONProgress: ProgressObserver {
  private var phase = ""
  private var pace = Pace()
  private let clock = ContinuousClock()
  private lazy var lastTest = clock.now

  /// One line; fields that do not apply are omitted.
  private struct Line: Encodable {
    var event: String
    var method: String?
    var round: Int?
    var number: Int?
    var cached: Int?
    var done: Int?
    var total: Int?
    var values: String?
    var accuracy: Double?
    var virtualTimeS: Double?
    var bytes: Int?
    var message: String?
    var ratePerS: Double?
    var secondsLeft: Double?
  }

  func observe(_ progress: RunProgress) {
    switch progress {
    case .readFeatures(let count, let total):
      write(Line(event: "features", cached: count, total: total))
    case .computingFeatures(let done, let total):
      write(timed(Line(event: "features", done: done, total: total), "features", done, total))
    case .warning(let sentence): write(Line(event: "warning", message: sentence))
    case .combination(let number, let count, let values):
      phase = ""
      write(Line(event: "combination", number: number, total: count, values: values))
    case .testing(let method, let done, let total):
      guard lastTest.duration(to: clock.now) >= .seconds(1) else { return }
      lastTest = clock.now
      write(Line(event: "testing", method: method, done: done, total: total))
    case .round(let round):
      let line = Line(
        event: "round", method: round.method, round: round.number, total: round.count,
        accuracy: round.accuracy, virtualTimeS: round.time.sinceStart.seconds,
        bytes: round.bytes.bytes)
      write(timed(line, round.method, round.number, round.count))
    }
  }

  private func timed(_ line: Line, _ phase: String, _ done: Int, _ total: Int) -> Line {
    if phase != self.phase {
      self.phase = phase
      pace = Pace(before: done)
    }
    var line = line
    line.ratePerS = pace.rate(done: done)
    line.secondsLeft = pace.secondsLeft(done: done, of: total)
    return line
  }

  private func write(_ line: Line) {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return }
    FileHandle.standardError.write(data + Data("\n".utf8))
  }
}
