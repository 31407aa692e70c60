/// A scale with its ticks, in the unit that suits them.
struct Axis {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  /// What is measured, with its unit where the labels have none.
  let title: String
  let scale: Scale
  let ticks: [Tick]

  var isLogarithmic: Bool {
    if case .logarithmic = scale { true } else { false }
  }

  /// An axis that covers values, of which there is at least one.
  ///
  /// - Parameters:
  ///   - isLogarithmic: whether equal distances are equal ratios; all values are positive then.
  ///   - fromZero: whether a linear axis begins at zero.
  ///   - count: about how many ticks there is room for.
  init(
    _ title: String, _ quantity: Quantity, covering values: some Collection<Double>,
    isLogarithmic: Bool = false, fromZero: Bool = false, ticks count: Int
  ) {
    var low = values.min()!
    let high = values.max()!
    if isLogarithmic {
      let numbers = NiceTicks.logarithmic(covering: low...high, about: count)
      scale = .logarithmic(min(low, numbers[0])...max(high, numbers[numbers.count - 1]))
      ticks = numbers.map { Tick(value: $0, label: Self.label($0, quantity)) }
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
    scale = .linear(numbers[0] * unit.size...numbers[numbers.count - 1] * unit.size)
    ticks = numbers.map {
      Tick(
        value: $0 * unit.size,
        label: quantity == .count ? $0.grouped : $0.short(decimals))
    }
    self.title = unit.name.isEmpty ? title : "\(title) (\(unit.name))"
  }

  /// Whether values span so much that equal ratios should be equal distances.
  static func spansDecades(_ values: some Collection<Double>) -> Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return low > 0 && high / low >= 30
  }

  private static func label(_ value: Double, _ quantity: Quantity) -> String {
    let unit = quantity.unit(for: value * 1.000_001)
    let number = (value / unit.size).short(3)
    return unit.name.isEmpty ? number : "\(number) \(unit.name)"
  }

  /// The decimals that tell ticks apart.
  private static func decimals(_ numbers: [Double]) -> Int {
    let step = numbers[1] - numbers[0]
    var decimals = 0
    var size = step
    while size < 0.999_999, decimals < 9 {
      size *= 10
      decimals += 1
    }
    return decimals
  }
}
