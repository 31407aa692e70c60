/// Numbered things in the order of their priorities, each of which can be changed or taken out.
///
/// The smallest priority is first; of equal ones, the smaller number. A binary heap with the place of
/// each number beside it: O(log n) for every change, O(1) to look.
struct IndexedHeap<Priority: Comparable & Codable & Sendable>: Codable, Sendable {
  private struct Entry: Codable, Sendable {
    var priority: Priority
    var number: Int

    static func < (lhs: Self, rhs: Self) -> Bool {
      (lhs.priority, lhs.number) < (rhs.priority, rhs.number)
    }
  }

  private var entries: [Entry] = []
  private var places: [Int: Int] = [:]

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// The first number with its priority, or nil where there is none.
  var first: (number: Int, priority: Priority)? {
    entries.first.map { ($0.number, $0.priority) }
  }

  /// The priority of a number, or nil where it is not in the heap.
  subscript(number: Int) -> Priority? { places[number].map { entries[$0].priority } }

  /// The numbers whose priorities are not above a bound, in their order.
  ///
  /// - Parameter isWithin: whether a priority is not above it. O(k log k) for k numbers.
  func numbers(where isWithin: (Priority) -> Bool) -> [Int] {
    var found: [Entry] = []
    var places = [0]
    while let place = places.popLast() {
      guard place < entries.count, isWithin(entries[place].priority) else { continue }
      found.append(entries[place])
      places += [2 * place + 1, 2 * place + 2]
    }
    return found.sorted(by: <).map(\.number)
  }

  /// Adds a number, or changes its priority.
  mutating func set(_ number: Int, to priority: Priority) {
    let entry = Entry(priority: priority, number: number)
    if let place = places[number] {
      entries[place] = entry
      settle(place)
    } else {
      entries.append(entry)
      places[number] = entries.count - 1
      settle(entries.count - 1)
    }
  }

  /// Takes a number out, and gives its priority; nil where it is not in the heap.
  @discardableResult
  mutating func remove(_ number: Int) -> Priority? {
    guard let place = places.removeValue(forKey: number) else { return nil }
    let removed = entries[place].priority
    let last = entries.removeLast()
    if place < entries.count {
      put(last, at: place)
      settle(place)
    }
    return removed
  }

  /// Moves the entry of a place to where it belongs, up or down.
  private mutating func settle(_ place: Int) {
    var place = place
    let entry = entries[place]
    while place > 0, entry < entries[(place - 1) / 2] {
      put(entries[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    while let child = smallerChild(of: place), entries[child] < entry {
      put(entries[child], at: place)
      place = child
    }
    put(entry, at: place)
  }

  private func smallerChild(of place: Int) -> Int? {
    let left = 2 * place + 1
    guard left < entries.count else { return nil }
    return left + 1 < entries.count && entries[left + 1] < entries[left] ? left + 1 : left
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    entries[place] = entry
    places[entry.number] = place
  }
}
