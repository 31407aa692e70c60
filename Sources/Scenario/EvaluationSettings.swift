import Configuration

/// When a server version is tested.
public struct EvaluationSettings: Sendable, Encodable {
  /// Every so many rounds, and after the last.
  public var every: Int
  /// The accuracy whose cost in bytes and time is reported; nil for none.
  public var targetAccuracy: Double?

  init(_ section: ConfigurationSection) {
    every = section.integer("every", in: 1...1_000_000_000, default: 1)
    targetAccuracy = section.optionalNumber("target_accuracy", in: 0...1, example: 0.7)
  }
}
