import Randomness

/// Numbers from a normal distribution, the same at every run.
package func randomNumbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: "test-numbers")
  return (0..<count).map { _ in scale * Float(stream.normal()) }
}
