extension WholeQuantity {
  public static var displayUnits: [(name: String, baseUnits: Int)] {
    units.map { (name: $0.key, baseUnits: Int($0.value)) }
  }

  /// The quantity formatted for tables: one decimal in the largest unit with a value of at least
  /// one, `98.3 kB`; whole base units, `512 B`.
  public var description: String {
    let units = Self.displayUnits
    var place = 0
    while place + 1 < units.count,
      tenths(of: units[place].baseUnits) * Int128(units[place].baseUnits)
        >= 10 * Int128(units[place + 1].baseUnits)
    {
      place += 1
    }
    guard place > 0 else { return "\(baseUnits) \(units[0].name)" }
    let tenths = tenths(of: units[place].baseUnits)
    return "\(tenths / 10).\(tenths % 10) \(units[place].name)"
  }

  /// The quantity in tenths of a unit, rounded.
  private func tenths(of unit: Int) -> Int128 {
    (10 * Int128(baseUnits) + Int128(unit) / 2) / Int128(unit)
  }
}
