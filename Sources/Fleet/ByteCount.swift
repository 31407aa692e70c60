/// An amount of data or memory in whole bytes.
///
/// `kB`, `MB`, `GB` are powers of 1000; `KiB`, `MiB`, `GiB` powers of 1024. Sums saturate.
public struct ByteCount: WholeQuantity {
  public let bytes: Int

  public init(_ bytes: Int) {
    precondition(bytes >= 0, "a number of bytes cannot be negative")
    self.bytes = bytes
  }

  public static let zero = ByteCount(0)

  public static func + (lhs: Self, rhs: Self) -> Self {
    Self(.saturatedSum(lhs.bytes, rhs.bytes))
  }

  /// The difference; `rhs` must not be larger than `lhs`.
  public static func - (lhs: Self, rhs: Self) -> Self { Self(lhs.bytes - rhs.bytes) }

  public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
}

extension ByteCount {
  public static let noun = "an amount of data"
  public static let example = "8 GB"
  public static let units: KeyValuePairs<String, Double> = [
    "B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30,
  ]
  public static let displayUnits = [
    (name: "B", baseUnits: 1), (name: "kB", baseUnits: 1_000),
    (name: "MB", baseUnits: 1_000_000), (name: "GB", baseUnits: 1_000_000_000),
    (name: "TB", baseUnits: 1_000_000_000_000),
  ]
  public static let smallest = zero
  public var baseUnits: Int { bytes }
  public init(baseUnits: Int) { self.init(baseUnits) }
}
