import Foundation
import Randomness

/// The lost packets of one transfer, each lost with the same probability.
struct PacketLosses: Hashable, Codable, Sendable {
  /// Above 0 and below 1.
  let probability: Double
  private var stream: RandomStream

  init(probability: Double, _ stream: RandomStream) {
    self.probability = probability
    self.stream = stream
  }

  /// The number of packets up to and including the next lost one: 1 + floor(ln(1 - u) / ln(1 - p)).
  mutating func packetsToNext() -> Double {
    1 + (log(1 - stream.uniform()) / log(1 - probability)).rounded(.down)
  }

  /// Whether a given packet is lost.
  mutating func loses() -> Bool { stream.uniform() < probability }
}
