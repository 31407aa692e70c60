import Foundation
import TestSupport
import Testing

@testable import Federation

/// Compared with Google's dp-accounting and integrals; see the fixtures' `make_fixtures.py`.
struct RenyiAccountantTests {
  private struct Expected: Decodable {
    struct Composition: Decodable {
      let rate: Double
      let noiseMultiplier: Double
      let rounds: Int
      let divergences: [Double]
      let epsilon: Double
    }

    struct Divergence: Decodable {
      let sampling: SampledGaussian.Sampling
      let rate: Double
      let noiseMultiplier: Double
      let order: Double
      let divergence: Double
    }

    struct Run: Decodable {
      let devices: Int
      let cohort: Int
      let noise: Double
      let rounds: Int
      let delta: Double
      let poisson: Double
      let poissonAtLeast: Double
      let withoutReplacement: Double
    }

    let orders: [Double]
    let delta: Double
    let poisson: [Composition]
    let withoutReplacement: [Composition]
    let fractional: [Divergence]
    let runs: [Run]

    init() throws {
      let file = Fixtures.directory.appending(path: "privacy/expected.json")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Self.self, from: Data(contentsOf: file))
    }

    func compositions(_ sampling: SampledGaussian.Sampling) -> [Composition] {
      sampling == .poisson ? poisson : withoutReplacement
    }
  }

  @Test(arguments: [SampledGaussian.Sampling.poisson, .withoutReplacement])
  func `epsilons match dp-accounting`(sampling: SampledGaussian.Sampling) throws {
    let expected = try Expected()
    for composition in expected.compositions(sampling) {
      var accountant = RenyiAccountant(orders: expected.orders)
      let mechanism = SampledGaussian(
        sampling: sampling, rate: composition.rate,
        noiseMultiplier: composition.noiseMultiplier)
      accountant.compose(mechanism, rounds: composition.rounds - 1)
      accountant.compose(mechanism)
      let epsilon = accountant.epsilon(delta: expected.delta)
      #expect(abs(epsilon / composition.epsilon - 1) < 1e-6)
    }
  }

  @Test(arguments: [SampledGaussian.Sampling.poisson, .withoutReplacement])
  func `divergences at integer orders match dp-accounting`(
    sampling: SampledGaussian.Sampling
  ) throws {
    let expected = try Expected()
    for composition in expected.compositions(sampling) {
      let divergences = SampledGaussian(
        sampling: sampling, rate: composition.rate,
        noiseMultiplier: composition.noiseMultiplier
      ).divergences(orders: expected.orders)
      for (index, divergence) in divergences.enumerated() {
        let ratio = Double(composition.rounds) * divergence / composition.divergences[index]
        #expect(abs(ratio - 1) < 1e-6, "order \(expected.orders[index])")
      }
    }
  }

  @Test func `divergences at fractional orders match the integrals, or dp-accounting`() throws {
    for expected in try Expected().fractional {
      let mechanism = SampledGaussian(
        sampling: expected.sampling, rate: expected.rate,
        noiseMultiplier: expected.noiseMultiplier)
      let divergence = mechanism.divergences(orders: [expected.order])[0]
      #expect(abs(divergence / expected.divergence - 1) < 1e-7, "\(expected)")
    }
  }

  /// At fractional orders under Poisson sampling, dp-accounting gives upper bounds, so its epsilon may be
  /// slightly larger.
  @Test func `the epsilon of a run matches dp-accounting at the rate cohort over devices`()
    throws
  {
    for run in try Expected().runs {
      func epsilon(_ sampling: SampledGaussian.Sampling) -> Double {
        let mean = PrivateMean(
          clippingNorm: 0.3, noiseMultiplier: run.noise, expectedCohort: Double(run.cohort), seed: 1
        )
        var accountant = RenyiAccountant()
        accountant.compose(
          mean.mechanism(sampling, rate: Double(run.cohort) / Double(run.devices)),
          rounds: run.rounds)
        return accountant.epsilon(delta: run.delta)
      }
      let poisson = epsilon(.poisson)
      #expect(poisson <= run.poisson * (1 + 1e-9) && poisson > run.poisson * (1 - 1e-3), "\(run)")
      #expect(poisson >= run.poissonAtLeast, "\(run)")
      #expect(abs(epsilon(.withoutReplacement) / run.withoutReplacement - 1) < 1e-6, "\(run)")
    }
  }

  @Test(arguments: [SampledGaussian.Sampling.poisson, .withoutReplacement])
  func `divergences grow with the order, without jumps between integer and fractional orders`(
    sampling: SampledGaussian.Sampling
  ) {
    let mechanism = SampledGaussian(sampling: sampling, rate: 0.05, noiseMultiplier: 1.2)
    let orders = [1.5, 1.999999, 2, 2.000001, 3.5, 9.999999, 10, 10.5, 63]
    let divergences = mechanism.divergences(orders: orders)
    #expect(divergences == divergences.sorted())
    #expect(abs(divergences[1] / divergences[2] - 1) < 1e-4)
    #expect(abs(divergences[5] / divergences[6] - 1) < 1e-4)
  }

  @Test func `a mechanism without samples costs nothing, and one without noise is infinite`() {
    for sampling in [SampledGaussian.Sampling.poisson, .withoutReplacement] {
      var accountant = RenyiAccountant()
      accountant.compose(
        SampledGaussian(sampling: sampling, rate: 0, noiseMultiplier: 1), rounds: 10)
      #expect(accountant.epsilon(delta: 1e-6) == 0)
      accountant.compose(SampledGaussian(sampling: sampling, rate: 0.1, noiseMultiplier: 0))
      #expect(accountant.epsilon(delta: 1e-6) == .infinity)
    }
  }

  @Test func `a saved accountant continues where it stopped`() throws {
    let mechanism = SampledGaussian(sampling: .poisson, rate: 0.01, noiseMultiplier: 1)
    var accountant = RenyiAccountant()
    accountant.compose(mechanism, rounds: 3)
    var copy = try JSONDecoder().decode(
      RenyiAccountant.self, from: JSONEncoder().encode(accountant))
    accountant.compose(mechanism)
    copy.compose(mechanism)
    #expect(copy == accountant)
    #expect(copy.epsilon(delta: 1e-5) > 0)
  }
}
