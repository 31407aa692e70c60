/// A binary min-heap in an array: no element is smaller than the one at half its index; the first
/// is the smallest.
extension Array where Element: Comparable {
  /// Sifts an element up or down from a vacated index.
  ///
  /// - Parameter moved: called for each element that moves to another index, and for this one.
  @inline(__always)
  mutating func settleInHeap(
    _ element: Element, from place: Int, moved: (_ element: Element, _ place: Int) -> Void
  ) {
    withUnsafeMutableBufferPointer { heap in
      var place = place
      func put(_ element: Element) {
        heap[place] = element
        moved(element, place)
      }
      while place > 0, element < heap[(place - 1) / 2] {
        put(heap[(place - 1) / 2])
        place = (place - 1) / 2
      }
      while 2 * place + 1 < heap.count {
        var child = 2 * place + 1
        if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
        guard heap[child] < element else { break }
        put(heap[child])
        place = child
      }
      put(element)
    }
  }

  /// The elements of the heap up to a bound, in order. O(k log k) for k elements.
  ///
  /// - Parameter isWithin: whether an element is within the bound.
  func firstOfHeap(where isWithin: (Element) -> Bool) -> [Element] {
    var found: [Element] = []
    var places = [0]
    while let place = places.popLast() {
      guard place < count, isWithin(self[place]) else { continue }
      found.append(self[place])
      places += [2 * place + 1, 2 * place + 2]
    }
    return found.sorted()
  }

  /// Whether the heap property holds.
  var isHeap: Bool { indices.dropFirst().allSatisfy { !(self[$0] < self[($0 - 1) / 2]) } }
}
