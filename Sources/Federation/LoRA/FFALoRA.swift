import Adaptation

/// Freezes A at its initial values and averages B (FFA-LoRA, arXiv 2403.12313).
///
/// All clients have the same A from the scenario's seed, so that sum_k p_k s B_k A = s B A with
/// B = sum_k p_k B_k: the mean is exact. Down and up: r outputs numbers per layer.
struct FFALoRA: LoRAAlgorithm, EdgeAlgorithm {
  static let requirements = Requirements.loraRule("ffa", takesMeans: true)

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean: AggregationStrategy

  init(_ start: LoRAStart, _ mean: AggregationStrategy) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    self.mean = mean
  }

  func part(from version: ServerVersion) -> LoRAPart { .b }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
  }

  mutating func makeVersion() {
    let b = mean.finish(lora.numbers(of: .b, in: version.parameters))
    version = version.next(lora.factors(version.parameters, replacing: .b, by: b))
  }

  mutating func adopt(_ version: ServerVersion) { self.version = version }
}
