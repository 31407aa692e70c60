/// The trained part of scale B A, or of scale B R A; the rest is fixed.
package enum LoRAPart: String, Codable, Sendable, CaseIterable {
  /// A and B.
  case both
  case a, b
  /// R [rank, rank], between fixed A and B.
  case core
}
