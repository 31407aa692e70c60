import Foundation

/// An axis with its scale and ticks, in a suitable unit.
struct Axis {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  /// The measured quantity, with its unit unless the labels have one.
  let title: String
  let scale: Scale
  let ticks: [Tick]

  var isLogarithmic: Bool {
    if case .logarithmic = scale { true } else { false }
  }

  /// Creates an axis that covers at least one value.
  ///
  /// - Parameters:
  ///   - isLogarithmic: whether to use a logarithmic scale, for which all values must be positive.
  ///   - fromZero: whether a linear axis starts at zero.
  ///   - count: the approximate number of ticks that fit.
  init(
    _ title: String, _ quantity: Quantity, covering values: some Collection<Double>,
    isLogarithmic: Bool = false, fromZero: Bool = false, ticks count: Int
  ) {
    var low = values.min()!
    let high = values.max()!
    if isLogarithmic {
      let numbers = NiceTicks.logarithmic(covering: low...high, about: count)
      // Limits the axis to a margin around the values, unless it would lose its ticks.
      let margin = pow(high / low, 0.05)
      let domain = Self.domain(numbers, low / margin...high * margin)
      scale = .logarithmic(domain)
      ticks = numbers.filter(domain.contains).map {
        Tick(value: $0, label: Self.label($0, quantity))
      }
      self.title = "\(title) (log scale)"
      return
    }
    if fromZero { low = min(low, 0) }
    let unit =
      quantity == .share
      ? quantity.unit(for: 1)
      : quantity.unit(for: max(abs(low), abs(high)), atLeast: quantity == .seconds ? 2 : 1)
    let numbers = NiceTicks.linear(covering: low / unit.size...high / unit.size, about: count)
    let decimals = Self.decimals(numbers)
    let margin = 0.04 * (high - low) / unit.size
    let beginning = fromZero && low == 0 ? 0 : low / unit.size - margin
    let domain = Self.domain(numbers, beginning...max(beginning, high / unit.size + margin))
    scale = .linear(domain.lowerBound * unit.size...domain.upperBound * unit.size)
    ticks = numbers.filter(domain.contains).map {
      Tick(
        value: $0 * unit.size,
        label: quantity == .count ? $0.grouped : $0.short(decimals))
    }
    self.title = unit.name.isEmpty ? title : "\(title) (\(unit.name))"
  }

  /// A copy with ticks at the given values, which must be in its range, and a margin around them.
  func marked(_ values: [Double]) -> Axis {
    let (low, high) = (values.min()!, values.max()!)
    let wide: Scale =
      switch scale {
      case .linear:
        .linear(low - 0.06 * (high - low)...high + 0.06 * (high - low))
      case .logarithmic:
        .logarithmic(low / pow(high / low, 0.06)...high * pow(high / low, 0.06))
      }
    return Axis(
      title: title, scale: wide,
      ticks: values.map { Tick(value: $0, label: $0.short(6)) })
  }

  private init(title: String, scale: Scale, ticks: [Tick]) {
    self.title = title
    self.scale = scale
    self.ticks = ticks
  }

  /// Whether the range of the values calls for a logarithmic scale.
  static func spansDecades(_ values: some Collection<Double>) -> Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return low > 0 && high / low >= 30
  }

  /// The part of the ticks' range near the values, with at least two ticks.
  private static func domain(_ ticks: [Double], _ values: ClosedRange<Double>) -> ClosedRange<
    Double
  > {
    let whole = ticks[0]...ticks[ticks.count - 1]
    let near = max(values.lowerBound, whole.lowerBound)...min(values.upperBound, whole.upperBound)
    let inside = ticks.filter(near.contains)
    if inside.count >= 2 { return near }
    guard let only = inside.first, let place = ticks.firstIndex(of: only) else { return whole }
    // The nearer of its neighbours.
    let before = place > 0 ? ticks[place - 1] : nil
    let after = place + 1 < ticks.count ? ticks[place + 1] : nil
    return (before ?? near.lowerBound)...(before == nil ? after! : near.upperBound)
  }

  private static func label(_ value: Double, _ quantity: Quantity) -> String {
    let unit = quantity.unit(for: value * 1.000_001)
    let magnitude = Int(log10(value / unit.size).rounded(.down))
    let number = (value / unit.size).short(max(3, 1 - magnitude))
    return unit.name.isEmpty ? number : "\(number) \(unit.name)"
  }

  /// The number of decimals needed to distinguish ticks.
  private static func decimals(_ numbers: [Double]) -> Int {
    let step = numbers[1] - numbers[0]
    var decimals = 0
    var size = step
    while size < 0.999_999, decimals < 15 {
      size *= 10
      decimals += 1
    }
    return decimals
  }
}
