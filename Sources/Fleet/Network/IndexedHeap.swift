/// A priority queue of small numbers, whose priorities can be changed and which can be removed.
///
/// The smallest priority is first; ties go to the smaller number. Implemented as a binary heap with
/// a table of each number's index, which is as long as the largest number: O(log n) for every
/// change, O(1) to look up.
struct IndexedHeap<Priority: Comparable & Sendable>: Sendable {
  private struct Entry: Comparable, Sendable {
    var priority: Priority
    var number: Int32

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.priority < rhs.priority || (lhs.priority == rhs.priority && lhs.number < rhs.number)
    }
  }

  private var entries: [Entry] = []
  /// The index of each number in `entries`, or `absent`.
  private var places: [Int32] = []

  private static var absent: Int32 { -1 }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// The first number with its priority, or nil if empty.
  var first: (number: Int, priority: Priority)? {
    entries.first.map { (Int($0.number), $0.priority) }
  }

  /// The priority of a number, or nil if it is not in the heap.
  subscript(number: Int) -> Priority? { place(of: number).map { entries[$0].priority } }

  /// The numbers whose priorities are within a bound, in order. O(k log k) for k numbers.
  ///
  /// - Parameter isWithin: whether a priority is within the bound.
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

  /// Removes a number and returns its priority; nil if it is not in the heap.
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
