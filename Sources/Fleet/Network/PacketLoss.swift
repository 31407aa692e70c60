import Configuration

/// The probability that a packet is lost.
public struct PacketLoss: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// From 0 to less than 1.
  public let probability: Double

  public init(_ probability: Double) {
    precondition((0..<1).contains(probability), "packets are lost with a probability below 1")
    self.probability = probability
  }

  public static let none = PacketLoss(0)

  /// The maximum at which a transfer completes in a reasonable time.
  public static let most = PacketLoss(0.5)

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.probability < rhs.probability }

  public var description: String { "\(100 * probability) %" }

  public init(from decoder: any Decoder) throws {
    probability = try decoder.singleValueContainer().decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(probability)
  }
}

extension PacketLoss: Quantity {
  public static let noun = "a share of packets"
  public static let example = "0.1 %"
  public static let units: KeyValuePairs<String, Double> = ["%": 0.01]

  public init?(magnitude: Double) {
    guard (0..<1).contains(magnitude) else { return nil }
    self.init(magnitude)
  }
}
