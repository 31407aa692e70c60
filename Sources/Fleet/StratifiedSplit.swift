import Randomness

/// A pseudo-random subset of the whole numbers with a given share of every range.
///
/// The numbers are divided into windows. Each contains exactly one number of the rarer side, chosen
/// by the seed. The subset is as irregular as stratified sampling, yet the number of members below
/// any n is computed in constant time and differs from share * n by at most one; it is exact if
/// share * n is a whole number.
struct StratifiedSplit: Sendable {
  /// The share of the rarer side in units of 2^-64: window k contains the numbers n with
  /// floor(n * rarePart / 2^64) = k.
  private let rarePart: UInt64
  private let membersAreRare: Bool
  private let seed: UInt64
  private let number: Int

  /// - Parameters:
  ///   - members, others: the weights of the two sides; the share of the members is
  ///     members / (members + others).
  ///   - number: distinguishes this split from others with the same seed.
  init(members: Double, others: Double, seed: UInt64, number: Int) {
    precondition(members > 0 && others > 0, "a split needs two sides")
    membersAreRare = members <= others
    let rarePart = UInt64(min(members, others) / (members + others) * 0x1p64)
    // 0.2 is not a whole number of units. Rounding up by more than the accumulated arithmetic error
    // makes every window that should end at a whole number end there rather than one later.
    self.rarePart = rarePart + (rarePart >> 48) + 1
    self.seed = seed
    self.number = number
  }

  /// Whether `value` is a member. O(1).
  func contains(_ value: Int) -> Bool {
    (rareNumber(ofWindow: window(of: value)) == value) == membersAreRare
  }

  /// The number of members in 0..<end. O(1).
  func memberCount(before end: Int) -> Int {
    let window = window(of: end)
    let rareCount = window + (rareNumber(ofWindow: window) < end ? 1 : 0)
    return membersAreRare ? rareCount : end - rareCount
  }

  private func window(of value: Int) -> Int {
    Int(rarePart.multipliedFullWidth(by: UInt64(value)).high)
  }

  /// The only number of the rarer side in a window.
  private func rareNumber(ofWindow window: Int) -> Int {
    let start = start(ofWindow: window)
    var stream = RandomStream(seed: seed, purpose: "device class", number, window)
    return start + stream.integer(below: self.start(ofWindow: window + 1) - start)
  }

  /// The smallest n with n * rarePart >= window * 2^64.
  private func start(ofWindow window: Int) -> Int {
    let target = UInt128(window) << 64
    return Int(clamping: (target + UInt128(rarePart) - 1) / UInt128(rarePart))
  }
}
