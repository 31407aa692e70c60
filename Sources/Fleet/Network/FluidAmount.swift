import EventSimulation

/// An amount of data that flows continuously, in units of 2^-8 billionths of a bit.
///
/// One bit per second carries 256 units per nanosecond and a byte is 8e9 * 256 units, so the amount
/// carried in whole nanoseconds is exact.
package struct FluidAmount: Hashable, Comparable, Codable, Sendable {
  let units: Int128

  init(units: Int128) { self.units = units }

  package init(_ bytes: ByteCount) { units = Int128(bytes.bytes) &* Self.unitsOfByte }

  /// The amount that `rate` carries in a non-negative `duration`.
  package init(of rate: BitRate, in duration: SimulationDuration) {
    units = Self.units(of: rate.bitsPerSecond, in: duration.nanoseconds)
  }

  package static let zero = FluidAmount(units: 0)

  /// The whole bytes in it.
  package var bytes: ByteCount {
    ByteCount(Int(clamping: max(0, units).quotient(by: Self.unitsOfByte)))
  }

  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.units < rhs.units }

  package static func + (lhs: Self, rhs: Self) -> Self { Self(units: lhs.units + rhs.units) }

  package static func - (lhs: Self, rhs: Self) -> Self { Self(units: lhs.units - rhs.units) }

  /// The units that one bit per second carries per nanosecond.
  private static var unitsOfRate: Int128 { 1 << 8 }

  private static var unitsOfByte: Int128 { 8_000_000_000 * unitsOfRate }
}

/// Rates in bits per second, times in nanoseconds and amounts in units, all of them non-negative.
extension FluidAmount {
  /// The amount that a rate carries in a time.
  static func units(of rate: Int, in nanoseconds: Int64) -> Int128 {
    Int128(rate) &* Int128(nanoseconds) * unitsOfRate
  }

  /// The time that a rate needs for `units` of each of several flows, rounded up.
  static func nanoseconds(for units: Int128, each flows: Int, at rate: Int) -> Int128 {
    // Rounding up twice equals rounding up once, with smaller numbers to divide.
    let bitNanoseconds = (units * Int128(flows) + unitsOfRate - 1) >> 8
    return (bitNanoseconds + Int128(rate) - 1).quotient(by: Int128(rate))
  }
}

extension Int128 {
  /// The quotient of two non-negative numbers, rounded down.
  ///
  /// It is faster than `/` if both fit into 64 bits.
  func quotient(by divisor: Int128) -> Int128 {
    guard let dividend = UInt64(exactly: self), let divisor = UInt64(exactly: divisor) else {
      return self / divisor
    }
    return Int128(dividend / divisor)
  }
}
