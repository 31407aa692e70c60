import Adaptation
import Randomness

/// Stacks all clients' factors, merges them into W, and restarts with new factors (FLoRA, arXiv
/// 2409.05976).
///
/// The stacked rows of p_k s_k A_k times the stacked columns of B_k give sum_k p_k s_k B_k A_k,
/// which is added to W: the mean is exact for any ranks. Every version then starts with a new A,
/// the same for all clients from the seed and the version's number, and B = 0.
///
/// Up: r_k (inputs + outputs) numbers per layer. Down: the stacks of all rounds since the client's
/// last version, (sum r_k) (inputs + outputs) each, or the dense change if that is shorter; new
/// factors are drawn on the device.
struct StackedLoRA: LoRAAlgorithm {
  static let takesAnyRank = true
  static let addsToBase = true
  static let requirements = Requirements.loraRule("stacking", hasOwnMean: true) {
    $0.needs[.individualUpdates] = "stacking forwards the factors of each client"
    // A client of an older version trained with other weights, without the stacks merged since.
    $0.needs[.currentVersion] =
      "stacking is exact only if all updates start from the current version"
  }

  static let usesLastVersion = true

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private let seed: UInt64
  private var products = ProductMean()
  private var merges = MergeHistory()

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    seed = start.seed
  }

  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { merges.numbers(since: last, shape) }

  mutating func receive(_ update: ClientUpdate) {
    products.add(trained(update), update.work.part!.size, shape, weight: update.weight)
  }

  mutating func makeVersion() {
    version = version.next(version.parameters)
    merges.append(rank: products.rank)
    guard let change = products.take() else { return }
    version.merge(change)
    var stream = RandomStream(seed: seed, purpose: "lora-restart", version.number)
    version.parameters = shape.drawnFactors(rank: lora.size.rank, using: &stream)
  }
}
