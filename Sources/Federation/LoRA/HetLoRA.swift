import Adaptation

/// Truncates factors to each client's rank for download, pads them with zeros after upload, and
/// averages them weighted by their norm (HetLoRA, arXiv 2401.06432).
///
/// A = sum_k p_k [A_k; 0] and B = sum_k p_k [B_k 0], with p_k the Frobenius norm of B_k A_k over
/// all layers divided by the sum of all norms; equal if all are zero. The paper's pruning of client
/// ranks is not implemented. Down and up: r_k (inputs + outputs) numbers per layer.
struct HetLoRA: LoRAAlgorithm {
  static let takesAnyRank = true
  static let requirements = Requirements.loraRule("hetlora", hasOwnMean: true) {
    $0.needs[.individualUpdates] = "hetlora weights each client's factors by their norm"
  }

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean = PaddedMean()
  /// The unweighted mean of updates with zero norm, for the case that all have it.
  private var plain = PaddedMean()

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
  }

  var bias: Double? { mean.bias }

  mutating func receive(_ update: ClientUpdate) {
    let (factors, size) = (trained(update), update.work.part!.size)
    var products = ProductMean()
    products.add(factors, LoRASize(rank: size.rank, alpha: 1), unscaled, weight: 1)
    let norm = frobeniusNorm(products.take() ?? [])
    mean.add(factors, size, shape, weight: norm)
    plain.add(factors, size, shape, weight: 1)
  }

  mutating func makeVersion() {
    let equal = plain.take(lora)
    version = version.next(mean.take(lora) ?? equal ?? version.parameters)
  }

  private var unscaled: LoRAShape { LoRAShape(layers: shape.layers, scaling: .plain) }
}
