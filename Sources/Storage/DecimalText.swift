extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number as all tables write it: the shortest decimal that parses to the same number.
  ///
  /// Any NaN is written as `NaN` whatever its sign, which pandas, R and gnuplot can read; R cannot
  /// read Swift's own `nan` and `-nan`. Infinities are `inf` and `-inf`.
  package var decimalText: String { isNaN ? "NaN" : description }
}
