/// What the operands of matrix products are rounded to; sums are float32 in any case.
public enum Precision: String, Codable, Sendable, CaseIterable {
  case float32, bfloat16
}
