extension Int {
  /// The smallest whole number that is not below `left * right / divisor`, or `Int.max` beyond it.
  ///
  /// All three are non-negative, and the product is computed in full width.
  static func ceilingOfProduct(_ left: Int, _ right: Int, dividedBy divisor: Int) -> Int {
    let divisor = Int128(divisor)
    let product = Int128(left) * Int128(right)
    return Int(clamping: product / divisor + (product % divisor == 0 ? 0 : 1))
  }

  /// The largest whole number that is not above `left * right / divisor`, or `Int.max` beyond it.
  static func floorOfProduct(_ left: Int, _ right: Int, dividedBy divisor: Int) -> Int {
    Int(clamping: Int128(left) * Int128(right) / Int128(divisor))
  }

  /// The sum of two non-negative numbers, or `Int.max` beyond it.
  static func saturatedSum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
