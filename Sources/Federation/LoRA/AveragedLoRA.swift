import Adaptation

/// Averages both factors independently (FedIT, arXiv 2305.05644; FLORA, arXiv 2404.15182).
///
/// A = sum_k p_k A_k and B = sum_k p_k B_k, or a step of the server optimizer along the mean
/// change. The product of means is not the mean of products: the bias is sum_k p_k s B_k A_k - s B
/// A. To report it, the server sums dense products of outputs x inputs numbers per layer. Down and
/// up: r (inputs + outputs) numbers per layer.
struct AveragedLoRA: LoRAAlgorithm, EdgeAlgorithm {
  static let requirements = Requirements.loraRule("average", takesMeans: true)

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean: AggregationStrategy
  private var products = ProductMean()
  private(set) var bias: Double?

  init(_ start: LoRAStart, _ mean: AggregationStrategy) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    self.mean = mean
  }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
    products.add(trained(update), lora.size, shape, weight: update.weight)
  }

  mutating func makeVersion() {
    version = version.next(mean.finish(version.parameters))
    bias = products.take().map { exact in
      var rest = exact
      ProductMean.subtract(version.parameters, lora.size, shape, from: &rest)
      return frobeniusNorm(rest)
    }
  }

  mutating func adopt(_ version: ServerVersion) { self.version = version }
}
