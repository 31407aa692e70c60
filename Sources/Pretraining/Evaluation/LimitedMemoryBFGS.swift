/// Minimises a smooth convex function with limited-memory BFGS.
///
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5; the step
/// length is halved until Armijo's condition holds.
struct LimitedMemoryBFGS {
  /// The number of stored pairs of steps and gradient changes.
  var memory = 10
  var iterations = 500
  /// The stopping tolerance for the gradient's largest element.
  var tolerance = 1e-5

  typealias Evaluation = (value: Double, gradient: [Double])

  /// - Returns: the point at which the search from `start` ended.
  func minimum(from start: [Double], of function: ([Double]) -> Evaluation) -> [Double] {
    var x = start
    var (value, gradient) = function(x)
    var pairs: [(step: [Double], change: [Double])] = []
    for _ in 0..<iterations where gradient.contains(where: { abs($0) > tolerance }) {
      let direction = Self.direction(against: gradient, pairs)
      let slope = Self.dot(direction, gradient)
      // The first step, without curvature information, has length at most one.
      var length = pairs.isEmpty ? min(1, 1 / Self.dot(gradient, gradient).squareRoot()) : 1
      var candidate = Self.moved(x, direction, length)
      var next = function(candidate)
      while !(next.value <= value + 1e-4 * length * slope), length > 1e-10 {
        length /= 2
        candidate = Self.moved(x, direction, length)
        next = function(candidate)
      }
      guard next.value < value else { break }
      let step = zip(candidate, x).map { $0 - $1 }
      let change = zip(next.gradient, gradient).map { $0 - $1 }
      if Self.dot(step, change) > 1e-12 * Self.dot(change, change) {
        pairs = pairs.suffix(memory - 1) + [(step, change)]
      }
      (x, value, gradient) = (candidate, next.value, next.gradient)
    }
    return x
  }

  /// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
  private static func direction(
    against gradient: [Double], _ pairs: [(step: [Double], change: [Double])]
  ) -> [Double] {
    var q = gradient
    var shares: [Double] = []
    for (step, change) in pairs.reversed() {
      let share = dot(step, q) / dot(step, change)
      q = moved(q, change, -share)
      shares.append(share)
    }
    if let last = pairs.last {
      let scale = dot(last.step, last.change) / dot(last.change, last.change)
      q = q.map { $0 * scale }
    }
    for ((step, change), share) in zip(pairs, shares.reversed()) {
      q = moved(q, step, share - dot(change, q) / dot(step, change))
    }
    return q.map { -$0 }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func moved(_ x: [Double], _ direction: [Double], _ length: Double) -> [Double] {
    zip(x, direction).map { $0 + length * $1 }
  }
}
