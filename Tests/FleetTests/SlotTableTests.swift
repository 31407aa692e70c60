import Randomness
import Testing

@testable import Fleet

struct SlotTableTests {
  @Test(arguments: [1, 3, 1 << 16, 1 << 20, 1 << 40, -7])
  func `it matches a dictionary, and reuses free slots before adding new ones`(factor: Int) {
    var stream = RandomStream(seed: 4, purpose: "slots", factor)
    var table = SlotTable()
    var twin: [Int: Int] = [:]
    var peak = 0
    for step in 0..<2000 {
      let number = factor * stream.integer(below: 10 + step / 10)
      #expect(table[number] == twin[number])
      if twin[number] == nil, stream.integer(below: 4) > 0 {
        let slot = table.insert(number)
        #expect(!twin.values.contains(slot))
        twin[number] = slot
        peak = max(peak, twin.count)
        #expect(slot < peak)
      } else {
        #expect(table.remove(number) == twin.removeValue(forKey: number))
      }
      #expect(table.count == twin.count)
    }
    for (number, slot) in twin { #expect(table[number] == slot) }
  }
}
