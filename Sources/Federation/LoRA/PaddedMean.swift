import Adaptation

/// The weighted mean of factors of several ranks, those of lower rank padded with zeros.
struct PaddedMean: Codable, Sendable {
  /// The factors of each rank, summed with their weights.
  private var sums: [Int: WeightedMean] = [:]
  private var products = ProductMean()
  /// How far the last mean's product was from the mean of products.
  private(set) var bias: Double?

  mutating func add(_ factors: [Float], _ size: LoRASize, _ shape: LoRAShape, weight: Double) {
    sums[size.rank, default: WeightedMean()].add(factors, weight: weight)
    products.add(factors, size, shape, weight: weight)
  }

  /// The mean, of the server's size, after which the next begins; nil where nothing with a weight was
  /// taken in.
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
