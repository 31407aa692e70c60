import Randomness

extension Partition {
  static func iid(_ samples: [Int], _ clients: Int, _ seed: UInt64) -> [[Int]] {
    var stream = RandomStream(seed: seed, purpose: "iid partition")
    return evenParts(of: stream.shuffled(samples), clients)
  }

  /// Splits the elements in order into parts whose sizes differ by at most one.
  static func evenParts(of elements: [Int], _ parts: Int) -> [[Int]] {
    (0..<parts).map { part in
      let start = part * elements.count / parts
      let end = (part + 1) * elements.count / parts
      return Array(elements[start..<end])
    }
  }
}
