import Configuration

/// The traffic of secure aggregation; the cryptography itself is not executed.
public struct SecureAggregationSettings: Sendable, Encodable {
  /// Bits per number before masking.
  public var bits: Int
  /// The number of clients with which each client exchanges keys and shares; nil for all.
  public var neighbours: Int?

  init(_ section: ConfigurationSection) {
    bits = section.integer("bits", in: 1...32, default: 16)
    neighbours =
      section.has("neighbours") ? section.integer("neighbours", in: 1...1_000_000_000) : nil
  }
}
