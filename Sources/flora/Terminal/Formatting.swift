import EventSimulation
import Foundation

extension Double {
  /// Decimal notation, independent of the user's locale.
  func formatted(decimals: Int) -> String {
    String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), self)
  }

  /// At least three significant digits, without an exponent: 0.0123, 4.56, 78.9, 1234.
  var significant: String {
    guard isFinite else { return "\(self)" }
    let magnitude = self == 0 ? 0 : Int(log10(abs(self)).rounded(.down))
    return formatted(decimals: max(0, 2 - magnitude))
  }
}

extension SimulationDuration {
  /// In a suitable unit: `34.1 ms`, `12.3 s`, `4.5 min`, `3.2 h`, `2.1 d`.
  var spelled: String {
    switch seconds {
    case ..<1: "\((seconds * 1000).significant) ms"
    case ..<120: "\(seconds.significant) s"
    case ..<7200: "\((seconds / 60).significant) min"
    case ..<172_800: "\((seconds / 3600).significant) h"
    default: "\((seconds / 86_400).significant) d"
    }
  }
}
