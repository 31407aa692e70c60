import Randomness
import Testing

@testable import Fleet

struct IndexedHeapTests {
  @Test(arguments: 0..<20)
  func `it matches a sorted list for any sequence of insertions and removals`(seed: Int) {
    var stream = RandomStream(seed: 3, purpose: "heap", seed)
    var heap = IndexedHeap<Int>()
    var twin: [Int: Int] = [:]
    for _ in 0..<400 {
      let number = stream.integer(below: 40)
      if stream.integer(below: 3) == 0 {
        #expect(heap.remove(number) == twin.removeValue(forKey: number))
      } else {
        let priority = stream.integer(below: 20)
        heap.set(number, to: priority)
        twin[number] = priority
      }
      let first = twin.min { ($0.value, $0.key) < ($1.value, $1.key) }
      #expect(heap.first?.number == first?.key)
      #expect(heap.first?.priority == first?.value)
      #expect(heap.count == twin.count)
      #expect(heap[number] == twin[number])
      let few = twin.filter { $0.value <= 3 }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      #expect(heap.numbers { $0 <= 3 } == few.map(\.key))
    }
  }
}
