import FederatedSimulation
import Fleet
import Foundation

/// One line on standard error that says where a run has come to.
final class ProgressLine: ProgressObserver {
  private let isVisible: Bool
  private let clock = ContinuousClock()
  /// When the current phase began, and what it is called.
  private var phase = ""
  private var phaseStart: ContinuousClock.Instant

  init(isVisible: Bool) {
    self.isVisible = isVisible
    phaseStart = clock.now
  }

  func observe(_ progress: RunProgress) {
    guard isVisible else { return }
    switch progress {
    case .computingFeatures(let done, let total):
      show("image features \(done)/\(total)" + left(phase: "features", done, total))
    case .round(let method, let index, let count, let round, let rounds, let accuracy, let time, let bytes):
      let measured = accuracy.map { " · accuracy \(($0 * 100).formatted(decimals: 1)) %" } ?? ""
      show(
        "\(method) (\(index + 1)/\(count)) · round \(round)/\(rounds)\(measured)"
          + " · \((time - .zero).spelled) virtual · \(bytes)" + left(phase: method, round, rounds))
    }
  }

  /// Takes the line away.
  func clear() {
    if isVisible { write("\r\u{1B}[K") }
  }

  /// The time that the rest of a phase takes at the pace of what is done.
  private func left(phase: String, _ done: Int, _ total: Int) -> String {
    if phase != self.phase {
      self.phase = phase
      phaseStart = clock.now
    }
    guard done > 0, total > done else { return "" }
    let elapsed = phaseStart.duration(to: clock.now) / .seconds(1)
    let seconds = elapsed / Double(done) * Double(total - done)
    return " · about \(max(1, Int(seconds.rounded()))) s left"
  }

  private func show(_ text: String) { write("\r\u{1B}[K\(text)") }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
