import Adaptation

/// Shares and averages A, while each client keeps its own B (FedSA-LoRA, arXiv 2410.01463).
///
/// A client trains both and keeps its B after training, regardless of whether its upload succeeds.
/// Down and up: r inputs numbers per layer. A client without a B starts from zero. The tested
/// models are those of up to eight clients. `PartialSharing` with B personal does the same for a
/// LoRA without a rule.
struct FedSA: LoRAAlgorithm {
  static let requirements = Requirements.loraRule("fedsa")
  static let keepsClientState = true
  static let sendsChange = false

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean: AggregationStrategy
  /// B of every layer is personal.
  private var parts: PersonalParts

  init(_ start: LoRAStart, _ mean: AggregationStrategy) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    self.mean = mean
    parts = Self.parts(of: lora)
  }

  static func parts(of lora: LoRADimensions) -> PersonalParts {
    let (shape, rank) = (lora.shape, lora.size.rank)
    return PersonalParts(
      shape.layers.indices.flatMap { layer in
        [
          (range: shape.range(of: .a, layer, rank: rank), isPersonal: false),
          (range: shape.range(of: .b, layer, rank: rank), isPersonal: true),
        ]
      })
  }

  func model(
    _ part: TrainedPart?, from version: ServerVersion, of client: Int
  ) -> ClientModel {
    let shared = model(part, from: version)
    return ClientModel(
      version: version.number, owner: client, parameters: factors(of: client, from: version),
      lora: shared.lora)
  }

  private func factors(of client: Int, from version: ServerVersion) -> [Float] {
    guard let b = parts[client] else { return version.parameters }
    return parts.joined(parts.shared(of: version.parameters), b)
  }

  func numbersUp(_ part: TrainedPart?) -> Int { parts.sharedCount }

  mutating func keep(_ work: ClientWork) {
    parts.keep(
      work.change, of: work.client, initial: parts.personal(of: version.parameters))
  }

  func message(_ work: ClientWork) -> [Float] { parts.shared(of: work.change) }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
  }

  mutating func makeVersion() {
    let (a, b) = (
      mean.finish(parts.shared(of: version.parameters)), parts.personal(of: version.parameters)
    )
    version = version.next(parts.joined(a, b))
  }

  var testedModels: [ClientModel] {
    let clients = parts.testedClients
    return clients.isEmpty
      ? [model(nil, from: version)] : clients.map { model(nil, from: version, of: $0) }
  }

  var writtenModels: [ClientModel] { testedModels }
}
