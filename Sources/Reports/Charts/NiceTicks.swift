import Foundation

/// Round values for an axis.
enum NiceTicks {
  /// Multiples of 1, 2 or 5 times a power of ten that cover a range, approximately `count` of them.
  ///
  /// The first is at or below the range, the last at or above it.
  static func linear(covering range: ClosedRange<Double>, about count: Int) -> [Double] {
    precondition(count > 0)
    let width = range.upperBound - range.lowerBound
    guard width > 0 else {
      let value = range.lowerBound
      return value == 0
        ? [0, 1] : linear(covering: min(value, 0)...max(value, 0), about: count)
    }
    let step = step(width / Double(count))
    let first = (range.lowerBound / step + 1e-9).rounded(.down)
    let last = (range.upperBound / step - 1e-9).rounded(.up)
    return stride(from: first, through: max(last, first + 1), by: 1).map { index in
      // Divides if the step is below one, so that 3 steps of 0.1 are exactly 0.3.
      step < 1 ? index / (1 / step).rounded() : index * step
    }
  }

  /// Powers of ten that cover a range of positive values; includes 2 and 5 times them if there are
  /// few.
  static func logarithmic(covering range: ClosedRange<Double>, about count: Int) -> [Double] {
    precondition(range.lowerBound > 0 && count > 0)
    let low = Int((log10(range.lowerBound) + 1e-9).rounded(.down))
    let high = max(low + 1, Int((log10(range.upperBound) - 1e-9).rounded(.up)))
    let decades = high - low
    if decades * 3 <= count + 1 { return trimmed([1, 2, 5], low, high, range) }
    let every = max(1, Int((Double(decades) / Double(count)).rounded(.up)))
    let top = low + every * Int((Double(decades) / Double(every)).rounded(.up))
    return stride(from: low, through: top, by: every).map { power($0) }
  }

  /// 1, 2 or 5 times a power of ten, at least the given width.
  private static func step(_ width: Double) -> Double {
    let magnitude = power(Int(log10(width).rounded(.down)))
    return [1.0, 2, 5, 10].map { $0 * magnitude }.first { $0 >= width * (1 - 1e-9) }
      ?? 10 * magnitude
  }

  /// The multiples of decades from the last at or below a range to the first at or above it.
  private static func trimmed(
    _ multiples: [Double], _ low: Int, _ high: Int, _ range: ClosedRange<Double>
  ) -> [Double] {
    let all = (low...high).flatMap { decade in multiples.map { $0 * power(decade) } }
    let first = all.lastIndex { $0 <= range.lowerBound * (1 + 1e-9) } ?? 0
    let last = all.firstIndex { $0 >= range.upperBound * (1 - 1e-9) } ?? all.count - 1
    return Array(all[first...max(last, first + 1)])
  }

  private static func power(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
  }
}
