/// An amount of computation in floating-point operations; a multiply-add counts as two.
///
/// Sums saturate.
public struct FLOPCount: WholeQuantity {
  public let operations: Int

  public init(_ operations: Int) {
    precondition(operations >= 0, "a number of operations cannot be negative")
    self.operations = operations
  }

  public static let zero = FLOPCount(0)

  public static func + (lhs: Self, rhs: Self) -> Self {
    Self(.saturatedSum(lhs.operations, rhs.operations))
  }

  /// The difference; `rhs` must not be larger than `lhs`.
  public static func - (lhs: Self, rhs: Self) -> Self { Self(lhs.operations - rhs.operations) }

  public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
}

extension FLOPCount {
  public static let noun = "an amount of computation"
  public static let example = "30 GFLOP"
  public static let units: KeyValuePairs<String, Double> = [
    "FLOP": 1, "kFLOP": 1e3, "MFLOP": 1e6, "GFLOP": 1e9, "TFLOP": 1e12, "PFLOP": 1e15,
  ]
  public static let smallest = zero
  public var baseUnits: Int { operations }
  public init(baseUnits: Int) { self.init(baseUnits) }
}
