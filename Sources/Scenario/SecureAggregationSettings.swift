import Configuration

/// The traffic of secure aggregation, whose cryptography is not executed.
public struct SecureAggregationSettings: Sendable, Encodable {
  /// Bits of a number before masking.
  public var bits: Int
  /// With how many others a client exchanges keys and shares; nil for all.
  public var neighbours: Int?

  init(_ section: ConfigurationSection) {
    bits = section.integer("bits", in: 1...32, default: 16)
    neighbours =
      section.has("neighbours") ? section.integer("neighbours", in: 1...1_000_000_000) : nil
  }
}
