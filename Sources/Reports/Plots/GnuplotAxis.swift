/// The gnuplot settings of a horizontal axis: logarithmic with units at its ticks, or linear in a
/// single unit.
struct GnuplotAxis {
  let settings: [String]
  /// The divisor that converts values to the axis's unit.
  let divisor: String

  /// - Parameter values: all values on the axis.
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
