extension Int {
  /// The ceiling of `left * right / divisor`, or `Int.max` on overflow.
  ///
  /// All three are non-negative, and the product is computed at full width.
  static func ceilingOfProduct(_ left: Int, _ right: Int, dividedBy divisor: Int) -> Int {
    let divisor = Int128(divisor)
    let product = Int128(left) * Int128(right)
    return Int(clamping: product / divisor + (product % divisor == 0 ? 0 : 1))
  }

  /// The floor of `left * right / divisor`, or `Int.max` on overflow.
  static func floorOfProduct(_ left: Int, _ right: Int, dividedBy divisor: Int) -> Int {
    Int(clamping: Int128(left) * Int128(right) / Int128(divisor))
  }

  /// The sum of two non-negative numbers, or `Int.max` on overflow.
  static func saturatedSum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
