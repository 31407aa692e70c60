import Adaptation

/// Clients with different ranks and alphas, whose factors are zero-padded and averaged by samples
/// ("DyLoRA" in arXiv 2404.15182).
///
/// A = sum_k p_k [A_k; 0] and B = sum_k p_k [B_k 0]. A client of rank r receives the first r rows
/// of A and columns of B, and scales them by its own alpha. The tested model has the server's own,
/// largest size. Down and up: r_k (inputs + outputs) numbers per layer.
struct PaddedLoRA: LoRAAlgorithm, EdgeAlgorithm {
  static let takesAnyRank = true
  static let requirements = Requirements.loraRule("dylora", takesMeans: true, hasOwnMean: true)

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean = PaddedMean()

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
  }

  var bias: Double? { mean.bias }

  mutating func receive(_ update: ClientUpdate) {
    mean.add(trained(update), update.work.part!.size, shape, weight: update.weight)
  }

  mutating func makeVersion() {
    version = version.next(mean.take(lora) ?? version.parameters)
  }

  mutating func adopt(_ version: ServerVersion) { self.version = version }
}
