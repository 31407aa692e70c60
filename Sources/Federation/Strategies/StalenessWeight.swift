import Foundation

/// The weight of an update trained from an old version.
///
/// An update's staleness s is the number of versions created since the one that it started from.
public enum StalenessWeight: Sendable, Codable, Equatable {
  /// 1.
  case constant
  /// (1 + s)^-a (FedAsync: Xie et al., arXiv 1903.03934, section 5.2).
  case polynomial(exponent: Double)
  /// 1 while s <= b, then 1 / (a (s - b) + 1) (FedAsync, section 5.2).
  case hinge(slope: Double, grace: Int)

  /// 1 / sqrt(1 + s) (FedBuff: Nguyen et al., arXiv 2106.06639, section 5).
  public static let inverseSquareRoot = polynomial(exponent: 0.5)

  public func weight(staleness: Int) -> Double {
    precondition(staleness >= 0, "no update starts from a later version")
    switch self {
    case .constant: return 1
    case .polynomial(let exponent): return pow(1 + Double(staleness), -exponent)
    case .hinge(let slope, let grace):
      return staleness <= grace ? 1 : 1 / (slope * Double(staleness - grace) + 1)
    }
  }
}
