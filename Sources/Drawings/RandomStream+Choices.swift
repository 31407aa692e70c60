import Randomness

extension RandomStream {
  /// A uniform number from a range.
  mutating func number(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A uniform whole number from a range.
  mutating func count(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// -1 or 1.
  mutating func sign() -> Double {
    chance(0.5) ? 1 : -1
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[integer(below: elements.count)]
  }

  /// An element drawn with probability proportional to its weight.
  mutating func pick<Element>(weighted elements: KeyValuePairs<Element, Double>) -> Element {
    var rest = uniform() * elements.reduce(0) { $0 + $1.value }
    for (element, weight) in elements {
      rest -= weight
      if rest < 0 { return element }
    }
    return elements[elements.count - 1].key
  }
}
