/// The precision of matrix products; everything else is computed and kept in float32.
public enum Precision: String, Codable, CaseIterable, Sendable {
  case float32
  /// Both operands of a product are rounded to bfloat16 (to the nearest, ties to even; subnormal numbers
  /// become 0), and the products of their numbers are added up in float32. What the sum begins with, its
  /// factor and its result are float32.
  case bfloat16
}
