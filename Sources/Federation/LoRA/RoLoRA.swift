import Adaptation

/// Rounds that alternate between the factors: B first, A frozen, then A with B frozen (RoLoRA,
/// arXiv 2502.01755).
///
/// In each round all clients have the same frozen factor, so that the mean of the other is exact. Up:
/// r outputs or r inputs numbers a layer. Down: the factor that the last round trained, for a client that
/// has had the version before, since it holds the other one already; r (inputs + outputs) for one that
/// missed more. A new client has what the scenario's seed gives, version 0.
struct RoLoRA: LoRAAlgorithm {
  static let requirements = Requirements.loraRule("rolora", hasOwnMean: true) {
    // An older update of one factor was trained beside another value of the other factor.
    $0.needs[.currentVersion] =
      "rolora alternates between A and B, and averages updates of the current version's factor only"
    $0.rulesOut[.sameNumbers] = Requirements.Obstacle(
      reason: "rolora sends other numbers every round",
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
    // The first version's B, and later the factor that the round before trained.
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
