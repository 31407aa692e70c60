import Randomness

/// A client's samples in two parts: those that it trains on, and held-out samples for testing.
package struct HeldOutSamples: Sendable, Equatable {
  /// Ascending.
  package let training: [Int]
  /// Ascending; empty for a client with one sample, which it trains on.
  package let heldOut: [Int]

  /// Holds out `share` of the samples at random: a rounded number, at least one and not all.
  ///
  /// The draw depends only on the seed, the client's number and its number of samples, and no other
  /// draw depends on it.
  ///
  /// - Parameter samples: ascending and distinct.
  package init(_ samples: [Int], share: Double, client: Int, seed: UInt64) {
    guard samples.count > 1 else {
      training = samples
      heldOut = []
      return
    }
    let wanted = Int((share * Double(samples.count)).rounded())
    var stream = RandomStream(seed: seed, purpose: "held-out samples", client)
    let places = Set(
      stream.sample(min(samples.count - 1, max(1, wanted)), from: samples.count))
    training = samples.indices.filter { !places.contains($0) }.map { samples[$0] }
    heldOut = samples.indices.filter(places.contains).map { samples[$0] }
  }
}
