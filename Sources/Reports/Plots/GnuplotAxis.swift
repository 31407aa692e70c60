/// A horizontal axis in gnuplot's words: logarithmic with units at its ticks, or linear in one unit.
struct GnuplotAxis {
  let settings: [String]
  /// By which values are divided, so that they are in the axis's unit.
  let divisor: String

  /// - Parameter values: all that stand on the axis.
  init(_ label: String, _ quantity: Quantity, covering values: [Double], isLogarithmic: Bool) {
    if isLogarithmic {
      let unit = quantity.unit(for: 1).name
      settings = [
        "set logscale x", "set xlabel \(GnuplotText.quoted(label))",
        "set format x '%.0s %c\(unit)'",
      ]
      divisor = "1"
    } else {
      let unit = quantity.unit(for: values.max() ?? 0, atLeast: quantity == .seconds ? 2 : 1)
      settings = ["set xlabel \(GnuplotText.quoted("\(label) (\(unit.name))"))"]
      divisor = unit.size.plain
    }
  }
}
