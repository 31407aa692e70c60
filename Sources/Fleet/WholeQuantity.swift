import Configuration

/// A quantity that is a whole number of base units: bytes, bits per second, nanoseconds.
///
/// It is encoded (`Codable`) as that number, and formatted in tables with a suitable unit, such as
/// `98.3 kB`.
public protocol WholeQuantity: Quantity, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The quantity in base units, those with a factor of one in `units`.
  var baseUnits: Int { get }

  /// - Precondition: `baseUnits` is at least that of `smallest`.
  init(baseUnits: Int)

  /// The smallest valid quantity: zero, or one if the quantity is used as a divisor.
  static var smallest: Self { get }

  /// The units for tables in ascending order, with the number of base units in each.
  static var displayUnits: [(name: String, baseUnits: Int)] { get }
}

extension WholeQuantity {
  /// The nearest whole quantity, or nil below `smallest` and beyond 64 bits.
  public init?(magnitude: Double) {
    guard let baseUnits = Int(exactly: magnitude.rounded()), baseUnits >= Self.smallest.baseUnits
    else { return nil }
    self.init(baseUnits: baseUnits)
  }

  /// The whole quantity nearest to `magnitude`, which may be infinite but not NaN.
  init(nearestTo magnitude: Double) {
    precondition(!magnitude.isNaN, "not a number is not near any quantity")
    if magnitude <= Double(Self.smallest.baseUnits) {
      self = Self.smallest
    } else if magnitude >= 0x1p63 {
      self.init(baseUnits: .max)
    } else {
      self.init(baseUnits: Int(magnitude.rounded()))
    }
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.baseUnits < rhs.baseUnits }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let baseUnits = try container.decode(Int.self)
    guard baseUnits >= Self.smallest.baseUnits else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(baseUnits) is too small for \(Self.noun)")
    }
    self.init(baseUnits: baseUnits)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(baseUnits)
  }
}
