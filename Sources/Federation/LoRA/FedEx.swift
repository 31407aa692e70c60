import Adaptation

/// Averages both factors, and adds the residual of the product of means to W (FedEx-LoRA, arXiv
/// 2410.09432).
///
/// With A and B the means, W += sum_k p_k s B_k A_k - s B A, so that the next version's weights are
/// the exact mean. The bias is the norm of that residual before it is merged.
///
/// Up: r (inputs + outputs) numbers per layer. Down: as many, plus the residuals of all rounds
/// since the client's last version as low-rank factors. The columns of each residual are in the
/// span of the clients' B_k, so its rank is at most sum_k r. The dense change is sent instead if it
/// is shorter.
struct FedEx: LoRAAlgorithm {
  static let addsToBase = true
  static let requirements = Requirements.loraRule("fedex", hasOwnMean: true) {
    $0.needs[.individualUpdates] = "fedex sums the products of each client's factors"
    // A client of an older version trained with other weights, without the residuals merged since.
    $0.needs[.currentVersion] = "fedex is exact only if all updates start from the current version"
  }

  static let usesLastVersion = true

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean = AggregationStrategy()
  private var products = ProductMean()
  private var merges = MergeHistory()
  private(set) var bias: Double?

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
  }

  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int {
    numbersUp(part) + merges.numbers(since: last, shape)
  }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
    products.add(trained(update), lora.size, shape, weight: update.weight)
  }

  mutating func makeVersion() {
    version = version.next(mean.finish(version.parameters))
    merges.append(rank: products.rank)
    guard var residual = products.take() else {
      bias = nil
      return
    }
    ProductMean.subtract(version.parameters, lora.size, shape, from: &residual)
    bias = frobeniusNorm(residual)
    version.merge(residual)
  }
}
