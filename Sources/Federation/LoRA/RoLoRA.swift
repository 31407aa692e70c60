import Adaptation

/// Alternates between the factors: trains B with A frozen, then A with B frozen (RoLoRA, arXiv
/// 2502.01755).
///
/// In each round all clients have the same frozen factor, so that the mean of the other one is
/// exact. Up: r outputs or r inputs numbers per layer. Down: the factor trained in the last round
/// for a client that has the previous version and so already holds the other factor; r
/// (inputs + outputs) for a client that missed more. A new client has version 0, derived from the
/// scenario's seed.
struct RoLoRA: LoRAAlgorithm {
  static let requirements = Requirements.loraRule("rolora", hasOwnMean: true) {
    // An older update of one factor was trained with another value of the other factor.
    $0.needs[.currentVersion] =
      "rolora alternates between A and B, and averages updates of the current version's factor only"
    $0.rulesOut[.sameNumbers] = Requirements.Obstacle(
      reason: "rolora sends different parameters in each round",
      suggestion: "write error_feedback: false")
  }

  static let usesLastVersion = true

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean = AggregationStrategy()

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
  }

  func part(from version: ServerVersion) -> LoRAPart { version.number.isMultiple(of: 2) ? .b : .a }

  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int {
    let missed = version.number - (last ?? 0)
    if missed >= 2 { return shape.count(of: .both, rank: lora.size.rank) }
    // B of the first version; afterwards, the factor trained in the previous round.
    let part: LoRAPart =
      version.number == 0 ? .b : self.part(from: version) == .a ? .b : .a
    return shape.count(of: part, rank: lora.size.rank)
  }

  mutating func receive(_ update: ClientUpdate) {
    precondition(update.work.part!.part == part(from: version), "of the current version's factor")
    mean.accumulate(update.received, weight: update.weight)
  }

  mutating func makeVersion() {
    let part = part(from: version)
    let numbers = mean.finish(lora.numbers(of: part, in: version.parameters))
    version = version.next(lora.factors(version.parameters, replacing: part, by: numbers))
  }
}
