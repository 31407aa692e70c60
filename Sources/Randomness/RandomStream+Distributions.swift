import Foundation

extension RandomStream {
  /// A uniform number in [0, 1), a multiple of 2^-53.
  public mutating func uniform() -> Double { Self.fraction(next()) }

  private static func fraction(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

  /// A uniform whole number from 0 up to, but not including, `bound`.
  ///
  /// Unbiased, by rejection (Lemire, "Fast Random Integer Generation in an Interval", 2019). Avoids
  /// the standard library's algorithm, which may change between releases.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "an interval needs at least one number")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A standard normal number (Box and Muller, 1958).
  public mutating func normal() -> Double {
    let (first, second) = nextTwo()
    let radius = (-2 * log(1 - Self.fraction(first))).squareRoot()
    return radius * cos(2 * .pi * Self.fraction(second))
  }

  /// A number from the gamma distribution with the given `shape` and scale 1.
  ///
  /// Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000. Shapes below 1
  /// are boosted by a power of a uniform number, in log space, so that tiny shapes do not underflow
  /// before they are compared.
  public mutating func gamma(shape: Double) -> Double {
    exp(logGamma(shape: shape))
  }

  /// Non-negative shares that sum to 1, from the symmetric Dirichlet distribution.
  ///
  /// Small concentrations give nearly everything to a few elements. Normalises in log space, so
  /// that even the shares for a concentration of 0.001 sum to 1.
  public mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
    let logarithms = (0..<count).map { _ in logGamma(shape: concentration) }
    let largest = logarithms.max() ?? 0
    let weights = logarithms.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The numbers 0..<count in random order (Fisher–Yates shuffle).
  public mutating func permutation(_ count: Int) -> [Int] {
    shuffled(Array(0..<count))
  }

  /// The elements in random order. Like `permutation`, stable across compiler releases.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, integer(below: last + 1))
    }
    return elements
  }

  /// `count` distinct numbers from 0..<population, in random order.
  ///
  /// Floyd's algorithm (Bentley and Floyd, 1987) followed by a shuffle. Memory is O(`count`),
  /// independent of the population.
  public mutating func sample(_ count: Int, from population: Int) -> [Int] {
    precondition(count <= population, "a sample cannot be larger than its population")
    var chosen = Set<Int>()
    var order: [Int] = []
    for candidate in (population - count)..<population {
      let drawn = integer(below: candidate + 1)
      let taken = chosen.insert(drawn).inserted ? drawn : candidate
      chosen.insert(taken)
      order.append(taken)
    }
    return shuffled(order)
  }

  private mutating func logGamma(shape: Double) -> Double {
    precondition(shape > 0, "a gamma distribution needs a positive shape")
    if shape < 1 {
      let boost = log(1 - uniform()) / shape
      return logGamma(shape: shape + 1) + boost
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0 else { continue }
      if log(1 - uniform()) < x * x / 2 + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
