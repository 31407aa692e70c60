import Foundation

/// Maps values to positions on an axis, from 0 at its start to 1 at its end.
enum Scale: Equatable {
  case linear(ClosedRange<Double>)
  /// For positive values.
  case logarithmic(ClosedRange<Double>)

  func position(_ value: Double) -> Double {
    switch self {
    case .linear(let domain):
      return (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    case .logarithmic(let domain):
      let low = log(domain.lowerBound)
      return (log(value) - low) / (log(domain.upperBound) - low)
    }
  }

  /// Whether a value can be shown on the axis.
  func holds(_ value: Double) -> Bool {
    switch self {
    case .linear: value.isFinite
    case .logarithmic: value > 0 && value.isFinite
    }
  }
}
