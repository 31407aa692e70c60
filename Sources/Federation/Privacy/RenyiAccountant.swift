import Foundation

/// The total privacy cost of rounds of a sampled Gaussian mechanism, by Rényi differential privacy.
///
/// The divergence at each order sums over the rounds (Mironov, arXiv 1702.07476, Proposition 1);
/// finally the best order gives (epsilon, delta).
public struct RenyiAccountant: Sendable, Codable, Equatable {
  /// 1.1, 1.2, ... 10.9, the integers from 11 to 63, then powers of two to 1,024: the default
  /// orders of Google's dp-accounting.
  public static let standardOrders =
    (1...99).map { 1 + Double($0) / 10 } + (11...63).map(Double.init) + [128, 256, 512, 1_024]

  public let orders: [Double]
  private var divergences: [Double]

  /// - Parameter orders: above 1.
  public init(orders: [Double] = standardOrders) {
    precondition(!orders.isEmpty && orders.allSatisfy { $0 > 1 }, "an order is above one")
    self.orders = orders
    divergences = [Double](repeating: 0, count: orders.count)
  }

  /// Adds rounds of the mechanism.
  ///
  /// - Complexity: that of a single round, whatever their number.
  public mutating func compose(_ mechanism: SampledGaussian, rounds: Int = 1) {
    guard rounds > 0 else { return }
    for (index, divergence) in mechanism.divergences(orders: orders).enumerated() {
      divergences[index] += Double(rounds) * divergence
    }
  }

  /// The smallest epsilon over all orders for which the rounds are (epsilon, delta)-private.
  ///
  /// epsilon = D_a + ln(1 - 1/a) - ln(delta a) / (a - 1) (Canonne, Kamath and Steinke, arXiv
  /// 2004.00010, Proposition 12; Balle et al., arXiv 1905.09982, Theorem 21); and zero if the total
  /// variation, at most sqrt(1 - exp(-D_a)), does not exceed delta (Bretagnolle and Huber, 1979).
  /// Like public accountants, it skips the first formula up to order 1.01, where it loses
  /// precision.
  ///
  /// - Parameter delta: above 0 and below 1.
  public func epsilon(delta: Double) -> Double {
    precondition(delta > 0 && delta < 1, "delta is a probability")
    let candidates = zip(orders, divergences).map { order, divergence -> Double in
      if delta * delta + expm1(-divergence) > 0 { return 0 }
      guard order > 1.01 else { return .infinity }
      return divergence + log1p(-1 / order) - log(delta * order) / (order - 1)
    }
    return max(0, candidates.min()!)
  }
}
