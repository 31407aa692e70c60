import Randomness

/// Reproducible numbers from a normal distribution.
package func randomNumbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: "test-numbers")
  return (0..<count).map { _ in scale * Float(stream.normal()) }
}
