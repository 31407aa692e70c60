import Randomness

/// The mean change of a cohort with user-level differential privacy: the Gaussian mechanism on
/// clipped updates (DP-FedAvg: McMahan et al., arXiv 1710.06963, Algorithm 1 with the estimator
/// f_f).
///
/// d = sum_k clip(d_k) / (q N) + N(0, (z S / (q N))^2), with clip(d) = d min(1, S / |d|). All
/// clients have equal weight. The divisor is the expected cohort size q N, regardless of the actual
/// size, and noise is added even to an empty cohort. The norm is that of the whole update (flat
/// clipping). The noise comes from a statistical generator, suitable for measuring the cost of
/// privacy; it is not cryptographically secure.
public struct PrivateMean: Sendable, Codable, Equatable {
  /// S, the clipping norm of a client's update.
  public let clippingNorm: Double
  /// z, the noise's standard deviation in units of S.
  public let noiseMultiplier: Double
  /// q N.
  public let expectedCohort: Double
  private var sum = WeightedMean()
  private var noise: RandomStream

  public init(clippingNorm: Double, noiseMultiplier: Double, expectedCohort: Double, seed: UInt64) {
    precondition(clippingNorm > 0 && expectedCohort > 0 && noiseMultiplier >= 0)
    self.clippingNorm = clippingNorm
    self.noiseMultiplier = noiseMultiplier
    self.expectedCohort = expectedCohort
    noise = RandomStream(seed: seed, purpose: "privacy noise")
  }

  /// The standard deviation of the noise on each element of the mean: z S / (q N).
  public var noiseDeviation: Double { noiseMultiplier * clippingNorm / expectedCohort }

  /// The mechanism of a round with this mean, for an accountant.
  ///
  /// Adding or removing a client changes the sum of the clipped updates by at most S, replacing one
  /// by 2 S. Under the latter relation, the same noise therefore has half the noise multiplier.
  public func mechanism(_ sampling: SampledGaussian.Sampling, rate: Double) -> SampledGaussian {
    SampledGaussian(
      sampling: sampling, rate: rate,
      noiseMultiplier: sampling == .poisson ? noiseMultiplier : noiseMultiplier / 2)
  }

  mutating func add(_ change: [Float]) {
    sum.add(clipped(change), weight: 1)
  }

  /// Returns the noisy mean and resets.
  mutating func take(count: Int) -> [Float] {
    let mean =
      sum.weight > 0
      ? sum.takeSum(dividedBy: expectedCohort) : [Float](repeating: 0, count: count)
    guard noiseMultiplier > 0 else { return mean }
    return mean.map { Float(Double($0) + noiseDeviation * noise.normal()) }
  }

  /// The update, scaled down to the clipping norm if it is larger.
  func clipped(_ change: [Float]) -> [Float] {
    let norm = change.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > clippingNorm else { return change }
    // Each product is rounded towards zero, so that rounding cannot make an update exceed the norm.
    let factor = clippingNorm / norm
    return change.map { Float(Double($0) * factor, roundedTowardsZero: ()) }
  }
}

extension Float {
  /// The nearest float that is not farther from zero.
  fileprivate init(_ number: Double, roundedTowardsZero: ()) {
    self.init(number)
    guard Double(self).magnitude > number.magnitude else { return }
    self = number < 0 ? nextUp : nextDown
  }
}
