import Adaptation

/// The weighted mean of factors of several ranks, zero-padded to the largest.
struct PaddedMean: Codable, Sendable {
  /// The weighted sums of the factors, by rank.
  private var sums: [Int: WeightedMean] = [:]
  private var products = ProductMean()
  /// The distance of the last mean's product from the mean of products.
  private(set) var bias: Double?

  mutating func add(_ factors: [Float], _ size: LoRASize, _ shape: LoRAShape, weight: Double) {
    sums[size.rank, default: WeightedMean()].add(factors, weight: weight)
    products.add(factors, size, shape, weight: weight)
  }

  /// Returns the mean with the server's size and resets; nil if no vector with a weight was added.
  mutating func take(_ lora: LoRADimensions) -> [Float]? {
    defer { sums = [:] }
    guard var rest = products.take() else {
      bias = nil
      return nil
    }
    let weight = sums.values.map(\.weight).sorted().reduce(0, +)
    var mean = [Float](repeating: 0, count: lora.shape.count(of: .both, rank: lora.size.rank))
    for rank in sums.keys.sorted() {
      let part = lora.shape.resizing(
        sums[rank]!.takeSum(dividedBy: weight), from: rank, to: lora.size.rank)
      for index in mean.indices { mean[index] += part[index] }
    }
    ProductMean.subtract(mean, lora.size, lora.shape, from: &rest)
    bias = frobeniusNorm(rest)
    return mean
  }
}
