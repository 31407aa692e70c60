import Configuration
import Federation

/// User-level differential privacy of what the server publishes.
public struct PrivacySettings: Sendable, Encodable {
  /// The most that one client's update may measure.
  public var clip: Double
  /// The noise's standard deviation in units of `clip`.
  public var noise: Double
  public var delta: Double
  /// How the cohorts are drawn.
  public var sampling: SampledGaussian.Sampling

  init(_ section: ConfigurationSection) {
    clip = section.number("clip", in: 1e-9...1e9, example: 1)
    noise = section.number("noise", in: 0...1e6, example: 1)
    delta = section.number("delta", in: 1e-300...0.5, default: 1e-5)
    sampling = section.choice("sampling", default: .poisson)
  }
}
