import Testing

@testable import Reports

struct AxisTests {
  @Test(arguments: [
    (0.0, 10.0, 5, [0.0, 2, 4, 6, 8, 10]), (0.693, 0.845, 4, [0.65, 0.7, 0.75, 0.8, 0.85]),
    (-3, 7, 5, [-4, -2, 0, 2, 4, 6, 8]), (0, 0.03, 3, [0, 0.01, 0.02, 0.03]),
  ])
  func `ticks are round and cover the range`(
    _ low: Double, _ high: Double, _ count: Int, _ ticks: [Double]
  ) {
    #expect(NiceTicks.linear(covering: low...high, about: count) == ticks)
  }

  @Test func `a single value has an axis too`() {
    for value in [0.0, 5, -5, 0.001] {
      let axis = Axis("x", .number, covering: [value], ticks: 5)
      #expect(axis.ticks.count >= 2)
      #expect((0...1).contains(axis.scale.position(value)))
    }
  }

  @Test func `every value is within the axis, whatever the range`() {
    for exponent in stride(from: -12.0, through: 15, by: 0.37) {
      for ratio in [1.0, 1.01, 3, 50, 1e6] {
        let low = pow10(exponent)
        for isLogarithmic in [false, true] {
          let axis = Axis(
            "x", .bytes, covering: [low, low * ratio], isLogarithmic: isLogarithmic, ticks: 5)
          for value in [low, low * ratio] {
            #expect((-1e-9...1 + 1e-9).contains(axis.scale.position(value)), "\(low) \(ratio)")
          }
          #expect((2...12).contains(axis.ticks.count), "\(low) \(ratio) \(axis.ticks)")
          #expect(
            axis.ticks.allSatisfy { (-1e-9...1 + 1e-9).contains(axis.scale.position($0.value)) })
          #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks)")
        }
      }
    }
  }

  @Test func `a logarithmic axis gives equal ratios equal distances`() {
    let scale = Scale.logarithmic(1...10_000)
    #expect(abs(scale.position(10) - 0.25) < 1e-12 && abs(scale.position(1000) - 0.75) < 1e-12)
    #expect(!scale.holds(0) && !scale.holds(-1) && scale.holds(1))
  }

  @Test func `labels have a suitable unit`() {
    let time = Axis("time", .seconds, covering: [0, 7200], ticks: 4)
    #expect(time.title == "time (h)" && time.ticks.map(\.label) == ["0", "0.5", "1", "1.5", "2"])
    let bytes = Axis("traffic", .bytes, covering: [2e3, 3e8], isLogarithmic: true, ticks: 6)
    #expect(bytes.ticks.map(\.label) == ["10 kB", "100 kB", "1 MB", "10 MB", "100 MB"])
    let share = Axis("accuracy", .share, covering: [0.5, 0.9], ticks: 4)
    #expect(
      share.title == "accuracy (%)" && share.ticks.map(\.label) == ["50", "60", "70", "80", "90"])
  }

  private func pow10(_ exponent: Double) -> Double {
    var value = 1.0
    for _ in 0..<Int(abs(exponent)) { value *= 10 }
    let rest = 1 + 9 * (abs(exponent) - abs(exponent).rounded(.down)) / 2
    return exponent < 0 ? 1 / (value * rest) : value * rest
  }
}
