/// Federated averaging: the mean of the clients' changes, weighted by their samples.
///
/// w += sum_k n_k delta_k / sum_k n_k (McMahan et al., arXiv 1602.05629).
public struct FedAvg: AggregationStrategy, Codable {
  private var sum: [Float] = []
  private var examples = 0
  private let codec: PayloadCodec

  public init(codec: PayloadCodec = PayloadCodec()) {
    self.codec = codec
  }

  public mutating func accumulate(_ update: ClientUpdate) throws(PayloadError) {
    let delta = try codec.decode(update.payload)
    if sum.isEmpty { sum = [Float](repeating: 0, count: delta.count) }
    precondition(sum.count == delta.count, "updates of one method have one length")
    let weight = Float(update.exampleCount)
    sum.withUnsafeMutableBufferPointer { sum in
      delta.withUnsafeBufferPointer { delta in
        for index in 0..<sum.count { sum[index] += weight * delta[index] }
      }
    }
    examples += update.exampleCount
  }

  public mutating func finish(_ version: [Float]) -> [Float] {
    guard examples > 0 else { return version }
    let share = 1 / Float(examples)
    defer {
      sum = []
      examples = 0
    }
    return zip(version, sum).map { $0 + share * $1 }
  }
}
