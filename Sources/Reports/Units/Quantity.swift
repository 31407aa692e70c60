/// The quantity that a number of a table measures, and its formatting.
enum Quantity {
  case bytes, seconds, share, joules, operations, operationsPerSecond, bitsPerSecond, count, number

  /// The unit names of powers of ten, from the smallest.
  private var ladder: [(name: String, size: Double)] {
    func decimal(_ unit: String, _ prefixes: [String]) -> [(name: String, size: Double)] {
      var size = 1.0
      return prefixes.map { prefix in
        defer { size *= 1000 }
        return ("\(prefix)\(unit)", size)
      }
    }
    return switch self {
    case .bytes: decimal("B", ["", "k", "M", "G", "T", "P", "E"])
    case .joules: decimal("J", ["", "k", "M", "G", "T", "P"])
    case .operations: decimal("FLOP", ["", "k", "M", "G", "T", "P", "E"])
    case .operationsPerSecond: decimal("FLOPS", ["", "k", "M", "G", "T", "P"])
    case .bitsPerSecond: decimal("bps", ["", "k", "M", "G", "T"])
    case .seconds:
      [("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("min", 60), ("h", 3600), ("d", 86_400)]
    case .share: [("%", 0.01)]
    case .count, .number: [("", 1)]
    }
  }

  /// A unit of the quantity.
  struct Unit: Equatable {
    let name: String
    /// In the unit of the tables.
    let size: Double
  }

  /// The largest unit in which the magnitude is at least `count`.
  func unit(for value: Double, atLeast count: Double = 1) -> Unit {
    let magnitude = abs(value)
    let ladder = self.ladder
    let fit = ladder.last { magnitude >= $0.size * count }
    // Zero uses the base unit: 0 s rather than 0 µs.
    let chosen = fit ?? (magnitude == 0 ? ladder.first { $0.size == 1 } : nil) ?? ladder[0]
    return Unit(name: chosen.name, size: chosen.size)
  }

  /// The formatted number with its unit: `385.0 kB`, `4.08 min`, `75.0 %`, `1 907 072`.
  func spelled(_ value: Double) -> String {
    switch self {
    case .count: return value.grouped
    case .number: return value.significant
    case .share: return "\((value * 100).fixed(1)) %"
    case .seconds:
      // Requires two of the larger unit, so that 90 s stay seconds.
      let unit = unit(for: value, atLeast: abs(value) >= 60 ? 2 : 1)
      return "\((value / unit.size).significant) \(unit.name)"
    default:
      let unit = unit(for: (value * 1.000_5))
      if unit.size == 1, value == value.rounded() { return "\(value.fixed(0)) \(unit.name)" }
      return "\((value / unit.size).fixed(1)) \(unit.name)"
    }
  }
}
