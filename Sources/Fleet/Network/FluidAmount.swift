import EventSimulation

/// An amount of data that flows continuously: a whole number of 2^-8 billionths of a bit.
///
/// One bit per second carries 256 units in a nanosecond and a byte is 8e9 * 256 units, so that what a
/// link carries in whole nanoseconds is exact.
package struct FluidAmount: Hashable, Comparable, Codable, Sendable {
  let units: Int128

  init(units: Int128) { self.units = units }

  package init(_ bytes: ByteCount) { units = Int128(bytes.bytes) * Self.unitsOfByte }

  /// What `rate` carries in `duration`, which is not negative.
  package init(of rate: BitRate, in duration: SimulationDuration) {
    units = Int128(rate.bitsPerSecond) * Int128(duration.nanoseconds) * Self.unitsOfRate
  }

  package static let zero = FluidAmount(units: 0)

  /// The whole bytes in it.
  package var bytes: ByteCount { ByteCount(Int(clamping: max(0, units) / Self.unitsOfByte)) }

  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.units < rhs.units }

  package static func + (lhs: Self, rhs: Self) -> Self { Self(units: lhs.units + rhs.units) }

  package static func - (lhs: Self, rhs: Self) -> Self { Self(units: lhs.units - rhs.units) }

  /// Units that one bit per second carries in a nanosecond.
  static let unitsOfRate: Int128 = 1 << 8

  private static let unitsOfByte = 8_000_000_000 * unitsOfRate
}

extension Int128 {
  /// The quotient of a number that is not negative and a positive one, rounded up.
  func dividedUp(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder == 0 ? quotient : quotient + 1
  }
}
