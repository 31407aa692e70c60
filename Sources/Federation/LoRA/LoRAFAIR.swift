import Adaptation

/// Averages both factors, and corrects B so that the product points where the mean of products does
/// (LoRA-FAIR, arXiv 2411.14961).
///
/// With A and B the means and W = sum_k p_k B_k A_k, each layer's B is replaced by B + D where D
/// minimises 1 - cos(W, (B + D) A) + lambda |D|, both norms and the cosine over all elements of the
/// layer (`FactorCorrection`). Clients start from B + D and A. The bias is that of the corrected
/// factors. Down and up: r (inputs + outputs) numbers per layer.
struct LoRAFAIR: LoRAAlgorithm {
  static let requirements = Requirements.loraRule("lora-fair", hasOwnMean: true) {
    $0.needs[.individualUpdates] = "lora-fair adds up the products of each client's factors"
  }

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  /// lambda.
  private let penalty: Double
  private var mean = AggregationStrategy()
  private var products = ProductMean()
  private(set) var bias: Double?

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    penalty = start.correctionPenalty
  }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
    products.add(trained(update), lora.size, shape, weight: update.weight)
  }

  mutating func makeVersion() {
    version = version.next(mean.finish(version.parameters))
    bias = products.take().map { exact in
      correct(toward: exact)
      var rest = exact
      ProductMean.subtract(version.parameters, lora.size, shape, from: &rest)
      return frobeniusNorm(rest)
    }
  }

  /// - Parameter exact: [outputs, inputs] of every layer. Its scale does not affect the cosine.
  private mutating func correct(toward exact: [Float]) {
    var offset = 0
    for (index, layer) in shape.layers.enumerated() {
      let a = shape.range(of: .a, index, rank: lora.size.rank)
      let b = shape.range(of: .b, index, rank: lora.size.rank)
      let correction = FactorCorrection(
        of: version.parameters[b], times: version.parameters[a],
        toward: exact[offset..<offset + layer.count], layer, rank: lora.size.rank, penalty: penalty)
      version.parameters.replaceSubrange(b, with: correction.corrected)
      offset += layer.count
    }
  }
}
