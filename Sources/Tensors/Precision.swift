/// The precision of matrix products; everything else is computed and stored in float32.
public enum Precision: String, Codable, CaseIterable, Sendable {
  case float32
  /// Both operands of a product are rounded to bfloat16 (to nearest, ties to even; subnormal
  /// numbers become 0), and products of elements are summed in float32. The initial value of the
  /// sum, its factor and its result are float32.
  case bfloat16
}

extension Float {
  /// The upper half of the bits, rounded to nearest, ties to even; NaN stays NaN.
  package var bfloat16: UInt16 {
    // Rounding could overflow a NaN's payload to infinity or zero.
    if isNaN { return UInt16(bitPattern >> 16) | 0x40 }
    return UInt16((bitPattern + 0x7fff + (bitPattern >> 16 & 1)) >> 16)
  }

  package init(bfloat16: UInt16) { self.init(bitPattern: UInt32(bfloat16) << 16) }
}
