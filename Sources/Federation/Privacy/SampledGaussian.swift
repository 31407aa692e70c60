import Foundation

/// One round of the Gaussian mechanism on a sampled cohort, for an accountant.
///
/// The noise's standard deviation is z times the sensitivity of the sum of updates; see
/// `PrivateMean.mechanism(_:rate:)`.
public struct SampledGaussian: Sendable, Codable, Equatable {
  public enum Sampling: String, Sendable, Codable, CaseIterable {
    /// Each client independently with probability q; neighbours differ by adding or removing a
    /// client.
    case poisson
    /// q N distinct clients out of N; neighbours differ by replacing a client, and N is public.
    case withoutReplacement = "without-replacement"
  }

  public let sampling: Sampling
  /// q.
  public let rate: Double
  /// z, in units of the sum's sensitivity under the sampling scheme's neighbour relation.
  public let noiseMultiplier: Double

  public init(sampling: Sampling, rate: Double, noiseMultiplier: Double) {
    precondition(rate >= 0 && rate <= 1 && noiseMultiplier >= 0)
    self.sampling = sampling
    self.rate = rate
    self.noiseMultiplier = noiseMultiplier
  }

  /// The Rényi divergence of the round at each order; infinite without noise.
  func divergences(orders: [Double]) -> [Double] {
    if rate == 0 { return orders.map { _ in 0 } }
    if noiseMultiplier == 0 { return orders.map { _ in .infinity } }
    if rate == 1 { return orders.map { $0 / (2 * noiseMultiplier * noiseMultiplier) } }
    switch sampling {
    case .poisson:
      let mechanism = PoissonSampledGaussian(rate: rate, deviation: noiseMultiplier)
      return orders.map(mechanism.divergence)
    case .withoutReplacement:
      let mechanism = FixedCohortGaussian(rate: rate, deviation: noiseMultiplier)
      return orders.map(mechanism.divergence)
    }
  }
}
