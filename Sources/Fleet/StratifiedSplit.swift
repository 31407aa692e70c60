import Randomness

/// A pseudo-random subset of the whole numbers that holds a given part of every stretch of them.
///
/// The numbers are cut into windows, of which each owes exactly one number to the rarer side of the
/// split, and the seed picks which number of its window that is. So the subset is as irregular as
/// stratified sampling is, and yet the members below any n are counted in constant time and differ
/// from part * n by at most one; they do not differ where part * n is whole.
struct StratifiedSplit: Sendable {
  /// The part of the rarer side, in units of 2^-64: window k holds the numbers n for which
  /// floor(n * rarePart / 2^64) = k.
  private let rarePart: UInt64
  private let membersAreRare: Bool
  private let seed: UInt64
  private let number: Int

  /// - Parameters:
  ///   - members, others: the weights of the two sides; the part of the members is
  ///     members / (members + others).
  ///   - number: tells this split from the others of the same seed.
  init(members: Double, others: Double, seed: UInt64, number: Int) {
    precondition(members > 0 && others > 0, "a split needs two sides")
    membersAreRare = members <= others
    let rarePart = UInt64(min(members, others) / (members + others) * 0x1p64)
    // 0.2 is not a whole number of units. Rounding up, by more than the error of the arithmetic that
    // led here, ends every window that ought to end at a whole number there and not one later.
    self.rarePart = rarePart + (rarePart >> 48) + 1
    self.seed = seed
    self.number = number
  }

  /// Whether `value` is a member. O(1).
  func contains(_ value: Int) -> Bool {
    (rareNumber(ofWindow: window(of: value)) == value) == membersAreRare
  }

  /// How many members lie in 0..<end. O(1).
  func memberCount(before end: Int) -> Int {
    let window = window(of: end)
    let rareCount = window + (rareNumber(ofWindow: window) < end ? 1 : 0)
    return membersAreRare ? rareCount : end - rareCount
  }

  private func window(of value: Int) -> Int {
    Int(rarePart.multipliedFullWidth(by: UInt64(value)).high)
  }

  /// The one number of a window that belongs to the rarer side.
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
