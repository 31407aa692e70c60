import Tensors

/// A running weighted mean of vectors: sum_k w_k x_k / sum_k w_k.
///
/// Each element is summed in the order of the vectors, whichever thread or process adds it up.
/// Vectors that are stored elsewhere are added there, several at once.
struct WeightedMean: Sendable, Equatable {
  /// The sum without the pending terms; empty before the first one.
  private var sum = StoredVector.here([])
  private var pending: [WeightedVector] = []
  /// The sum of the weights so far.
  private(set) var weight = 0.0

  init() {}

  mutating func add(_ vector: [Float], weight: Double) { add(.here(vector), weight: weight) }

  mutating func add(_ vector: StoredVector, weight: Double) {
    let count = pending.first?.vector.count ?? sum.count
    precondition(count == 0 || count == vector.count, "updates of one method have one length")
    pending.append(WeightedVector(Float(weight), vector))
    self.weight += weight
    let atOnce = pending.map(\.vector.termsAtOnce).reduce(sum.termsAtOnce, max)
    if pending.count >= atOnce { addPending() }
  }

  private mutating func addPending() {
    sum.add(pending)
    pending = []
  }

  /// Returns the mean and resets; nil if no vector with a weight was added.
  mutating func take() -> [Float]? {
    guard weight > 0 else { return nil }
    return takeSum(dividedBy: weight)
  }

  /// Returns the weighted sum divided by `divisor` and resets.
  mutating func takeSum(dividedBy divisor: Double) -> [Float] {
    defer { self = WeightedMean() }
    addPending()
    let (share, sum) = (1 / Float(divisor), sum.elements)
    return LongVectors.make(sum.count) { range, mean in
      sum.withUnsafeBufferPointer { sum in
        for index in range { (mean + index).initialize(to: share * sum[index]) }
      }
    }
  }

  static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.weight == rhs.weight && lhs.withoutPending.sum == rhs.withoutPending.sum
  }

  /// The same with all terms in the sum.
  private var withoutPending: Self {
    var mean = self
    mean.addPending()
    return mean
  }
}

extension WeightedMean: Codable {
  private enum CodingKeys: CodingKey { case sum, weight }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sum = try container.decode(StoredVector.self, forKey: .sum)
    weight = try container.decode(Double.self, forKey: .weight)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(withoutPending.sum, forKey: .sum)
    try container.encode(weight, forKey: .weight)
  }
}
