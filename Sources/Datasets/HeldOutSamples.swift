import Randomness

/// A client's samples in two parts: those that it trains on, and those that it keeps back to be tested on.
package struct HeldOutSamples: Sendable, Equatable {
  /// Ascending.
  package let training: [Int]
  /// Ascending; empty for a client of one sample, which it trains on.
  package let heldOut: [Int]

  /// Keeps back `share` of the samples, rounded to the nearest number, at least one and not all, drawn at random.
  ///
  /// The draw is a function of the seed, the client's number and how many samples it has, and no other draw depends
  /// on it.
  ///
  /// - Parameter samples: ascending, each once.
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
