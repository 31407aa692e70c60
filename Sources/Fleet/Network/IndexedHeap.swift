/// Small numbers in the order of their priorities, each of which can be changed or taken out.
///
/// The smallest priority is first; of equal ones, the smaller number. A binary heap with the place of
/// each number in a list beside it, which is as long as the largest number: O(log n) for every change,
/// O(1) to look.
struct IndexedHeap<Priority: Comparable & Sendable>: Sendable {
  private struct Entry: Comparable, Sendable {
    var priority: Priority
    var number: Int32

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.priority < rhs.priority || (lhs.priority == rhs.priority && lhs.number < rhs.number)
    }
  }

  private var entries: [Entry] = []
  /// Where in `entries` each number lies, or `absent`.
  private var places: [Int32] = []

  private static var absent: Int32 { -1 }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// The first number with its priority, or nil where there is none.
  var first: (number: Int, priority: Priority)? {
    entries.first.map { (Int($0.number), $0.priority) }
  }

  /// The priority of a number, or nil where it is not in the heap.
  subscript(number: Int) -> Priority? { place(of: number).map { entries[$0].priority } }

  /// The numbers whose priorities are not above a bound, in their order. O(k log k) for k numbers.
  ///
  /// - Parameter isWithin: whether a priority is not above the bound.
  func numbers(where isWithin: (Priority) -> Bool) -> [Int] {
    entries.firstOfHeap { isWithin($0.priority) }.map { Int($0.number) }
  }

  /// Adds a number, or changes its priority.
  mutating func set(_ number: Int, to priority: Priority) {
    let entry = Entry(priority: priority, number: Int32(number))
    if let place = place(of: number) {
      settle(entry, from: place)
    } else {
      if number >= places.count {
        places += repeatElement(Self.absent, count: number + 1 - places.count)
      }
      entries.append(entry)
      settle(entry, from: entries.count - 1)
    }
  }

  /// Takes a number out, and gives its priority; nil where it is not in the heap.
  @discardableResult
  mutating func remove(_ number: Int) -> Priority? {
    guard let place = place(of: number) else { return nil }
    let removed = entries[place].priority
    places[number] = Self.absent
    let last = entries.removeLast()
    if place < entries.count { settle(last, from: place) }
    return removed
  }

  private func place(of number: Int) -> Int? {
    guard number < places.count, places[number] != Self.absent else { return nil }
    return Int(places[number])
  }

  private mutating func settle(_ entry: Entry, from place: Int) {
    places.withUnsafeMutableBufferPointer { places in
      entries.settleInHeap(entry, from: place) { entry, place in
        places[Int(entry.number)] = Int32(truncatingIfNeeded: place)
      }
    }
  }
}
