import Foundation
import Randomness

/// The distribution from which devices draw a quantity.
public enum QuantityDistribution<Value: WholeQuantity>: Hashable, Sendable {
  /// Every device has this value.
  case fixed(Value)

  /// median * exp(sigma * z) with z standard normal; half of the devices are below the median.
  case lognormal(median: Value, sigma: Double)

  /// Uniform from `low` to `high`.
  case uniform(low: Value, high: Value)

  /// Empirical: a sample's quantiles at 0, 1/(n-1), ..., 1, ascending, with linear interpolation.
  case quantiles([Value])

  /// Draws a value, rounded to whole base units and clamped to the range of the type.
  ///
  /// Needs its own stream, because the number of draws depends on the kind of distribution.
  /// The stream is created only if it is used.
  package func draw(from makeStream: @autoclosure () -> RandomStream) -> Value {
    switch self {
    case .fixed(let value):
      return value
    case .lognormal(let median, let sigma):
      var stream = makeStream()
      return Value(nearestTo: Double(median.baseUnits) * exp(sigma * stream.normal()))
    case .uniform(let low, let high):
      var stream = makeStream()
      return Value(
        nearestTo: Double(low.baseUnits)
          + stream.uniform() * (Double(high.baseUnits) - Double(low.baseUnits)))
    case .quantiles(let values):
      var stream = makeStream()
      return Self.value(at: stream.uniform() * Double(values.count - 1), in: values)
    }
  }

  /// The median of the distribution.
  package var median: Value {
    switch self {
    case .fixed(let value), .lognormal(let value, _): value
    case .uniform(let low, let high):
      Value(nearestTo: (Double(low.baseUnits) + Double(high.baseUnits)) / 2)
    case .quantiles(let values): Self.value(at: 0.5 * Double(values.count - 1), in: values)
    }
  }

  private static func value(at place: Double, in values: [Value]) -> Value {
    let index = Int(place)
    guard index + 1 < values.count else { return values[values.count - 1] }
    let (low, high) = (Double(values[index].baseUnits), Double(values[index + 1].baseUnits))
    return Value(nearestTo: low + (place - Double(index)) * (high - low))
  }

  /// The error of the parameters as a sentence, or nil.
  var fault: String? {
    switch self {
    case .lognormal(_, let sigma) where !(sigma >= 0 && sigma.isFinite):
      "the sigma of a lognormal distribution is a number from 0 up, not \(sigma)"
    case .uniform(let low, let high) where low > high:
      "a uniform distribution goes from low to high, but \(low) is above \(high)"
    case .quantiles(let values) where values.isEmpty:
      "an empirical distribution needs at least one quantile"
    case .quantiles(let values) where zip(values, values.dropFirst()).contains { $0 > $1 }:
      "the quantiles of an empirical distribution ascend"
    default:
      nil
    }
  }
}
