/// A hash table that assigns each number a slot.
///
/// Vacant slots are reused before new ones, so there are as few slots as the maximum number of
/// entries at a time. Hash chains run through the slots; consecutive numbers, such as task ids, are
/// in consecutive chains.
struct SlotTable: Sendable {
  private struct Slot: Sendable {
    var number: Int
    /// The next slot of the chain or, if this one is vacant, the next vacant one.
    var next: Int32
  }

  private var slots: [Slot] = []
  /// The first slot of each chain; their number is a power of two, at least the number of entries.
  private var chains = [Int32](repeating: none, count: 16)
  private var vacant = none
  private(set) var count = 0

  private static var none: Int32 { -1 }

  /// The slot of a number, or nil if it has none.
  subscript(number: Int) -> Int? {
    var slot = chains[chain(of: number)]
    while slot != Self.none {
      if slots[Int(slot)].number == number { return Int(slot) }
      slot = slots[Int(slot)].next
    }
    return nil
  }

  /// Assigns a slot to a number that has none.
  mutating func insert(_ number: Int) -> Int {
    if count == chains.count { doubleChains() }
    count += 1
    let slot = vacant == Self.none ? slots.count : Int(vacant)
    let chain = chain(of: number)
    let entry = Slot(number: number, next: chains[chain])
    if slot == slots.count {
      slots.append(entry)
    } else {
      vacant = slots[slot].next
      slots[slot] = entry
    }
    chains[chain] = Int32(slot)
    return slot
  }

  /// Removes a number and returns its slot; nil if it had none.
  mutating func remove(_ number: Int) -> Int? {
    guard let slot = self[number] else { return nil }
    let chain = chain(of: number)
    if chains[chain] == slot {
      chains[chain] = slots[slot].next
    } else {
      var previous = Int(chains[chain])
      while slots[previous].next != slot { previous = Int(slots[previous].next) }
      slots[previous].next = slots[slot].next
    }
    slots[slot].next = vacant
    vacant = Int32(slot)
    count -= 1
    return slot
  }

  private func chain(of number: Int) -> Int {
    (number ^ number >> 16 ^ number >> 32) & (chains.count - 1)
  }

  /// Called only if there are as many numbers as chains, and so no vacant slot.
  private mutating func doubleChains() {
    chains = .init(repeating: Self.none, count: 2 * chains.count)
    for slot in slots.indices {
      let chain = chain(of: slots[slot].number)
      slots[slot].next = chains[chain]
      chains[chain] = Int32(slot)
    }
  }
}
