extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number as every table writes it: the shortest decimals that read back the same.
  ///
  /// What is not a number is `NaN` whatever its sign, which pandas, R and gnuplot read; Swift's own
  /// spellings, `nan` and `-nan`, R does not. Infinities are `inf` and `-inf`.
  package var decimalText: String { isNaN ? "NaN" : description }
}
