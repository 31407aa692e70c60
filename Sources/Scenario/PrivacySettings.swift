import Configuration
import Federation

/// User-level differential privacy of the published model.
public struct PrivacySettings: Sendable, Encodable {
  /// The clipping norm of a client's update.
  public var clip: Double
  /// The noise multiplier: the standard deviation in units of `clip`.
  public var noise: Double
  public var delta: Double
  /// How cohorts are sampled.
  public var sampling: SampledGaussian.Sampling

  init(_ section: ConfigurationSection) {
    clip = section.number("clip", in: 1e-9...1e9, example: 1)
    noise = section.number("noise", in: 0...1e6, example: 1)
    delta = section.number("delta", in: 1e-300...0.5, default: 1e-5)
    sampling = section.choice("sampling", default: .poisson)
  }
}
