/// Oort's trade-off between utility and speed: the percentile of the devices' times that a round
/// should take.
///
/// Every W rounds it compares the utility U1 of the exploited devices in the last W rounds with
/// that of the W rounds before, U0. If they are similar, |U1 - U0| <= 0.1 U0, slower devices are
/// admitted; if they are far apart, |U1 - U0| >= 5 U0, slower devices are excluded. These are the
/// rules of the published code; the paper's Algorithm 1 has only the first, for U0 > U1.
struct OortPacer: Sendable, Codable, Equatable {
  /// From above 0 to 100, at which no device is too slow.
  private(set) var percentile: Double
  private let step: Double
  private let window: Int
  /// The mean utility of each of the last rounds, at most 2 W.
  private var history: [Double] = []
  private var rounds = 0

  init(start: Double, step: Double, window: Int) {
    precondition(window > 0, "a pacer looks back on at least one round")
    percentile = start
    self.step = step
    self.window = window
  }

  /// - Parameter utility: the mean utility of the exploited devices that completed the last round.
  mutating func finishRound(utility: Double) {
    rounds += 1
    history = (history + [utility]).suffix(2 * window)
    guard rounds >= 2 * window, rounds % window == 0 else { return }
    let before = history.prefix(window).reduce(0, +)
    let change = abs(history.suffix(window).reduce(0, +) - before)
    if change <= 0.1 * before {
      percentile = min(100, percentile + step)
    } else if change >= 5 * before {
      percentile = max(step, percentile - step)
    }
  }

  /// The preferred duration among those of all devices; infinite at 100 %.
  func preferred(_ durations: [Double]) -> Double {
    guard percentile < 100, !durations.isEmpty else { return .infinity }
    let rank = Int(Double(durations.count) * percentile / 100)
    return durations.sorted()[min(rank, durations.count - 1)]
  }
}
