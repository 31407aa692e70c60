import Tensors

/// A running weighted mean of vectors: sum_k w_k x_k / sum_k w_k.
///
/// Each element is summed in the order of the vectors, whichever thread adds it up.
struct WeightedMean: Sendable, Codable, Equatable {
  private var sum: [Float] = []
  /// The sum of the weights so far.
  private(set) var weight = 0.0

  mutating func add(_ vector: [Float], weight: Double) {
    if sum.isEmpty { sum = [Float](repeating: 0, count: vector.count) }
    precondition(sum.count == vector.count, "updates of one method have one length")
    let factor = Float(weight)
    LongVectors.update(&sum) { range, sum in
      vector.withUnsafeBufferPointer { vector in
        for index in range { sum[index] += factor * vector[index] }
      }
    }
    self.weight += weight
  }

  /// Returns the mean and resets; nil if no vector with a weight was added.
  mutating func take() -> [Float]? {
    guard weight > 0 else { return nil }
    return takeSum(dividedBy: weight)
  }

  /// Returns the weighted sum divided by `divisor` and resets.
  mutating func takeSum(dividedBy divisor: Double) -> [Float] {
    defer { self = WeightedMean() }
    let share = 1 / Float(divisor)
    return LongVectors.make(sum.count) { [sum] range, mean in
      sum.withUnsafeBufferPointer { sum in
        for index in range { (mean + index).initialize(to: share * sum[index]) }
      }
    }
  }
}
