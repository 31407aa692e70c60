import Adaptation

/// Shares and averages A, while each client keeps its own B (FedSA-LoRA, arXiv 2410.01463).
///
/// A client trains both and keeps its B after training, regardless of whether its upload succeeds.
/// Down and up: r inputs numbers per layer. A client without a B starts from zero. The tested
/// models are those of up to eight clients, the lowest ids among those that have trained, so that
/// mostly the same ones are tested.
struct FedSA: LoRAAlgorithm {
  static let requirements = Requirements.loraRule("fedsa")
  static let keepsClientState = true
  static let sendsChange = false

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var mean: AggregationStrategy
  /// B of the clients that have trained.
  private var own: [Int: [Float]] = [:]
  private static let tested = 8

  init(_ start: LoRAStart, _ mean: AggregationStrategy) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
    self.mean = mean
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
    guard let b = own[client] else { return version.parameters }
    return lora.factors(version.parameters, replacing: .b, by: b)
  }

  func numbersUp(_ part: TrainedPart?) -> Int { shape.count(of: .a, rank: lora.size.rank) }

  mutating func keep(_ work: ClientWork) {
    let start = factors(of: work.client, from: work.base)
    own[work.client] = lora.numbers(of: .b, in: zip(start, work.change).map { $0 + $1 })
  }

  func message(_ work: ClientWork) -> [Float] { lora.numbers(of: .a, in: work.change) }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
  }

  mutating func makeVersion() {
    let a = mean.finish(lora.numbers(of: .a, in: version.parameters))
    version = version.next(lora.factors(version.parameters, replacing: .a, by: a))
  }

  var testedModels: [ClientModel] {
    let clients = own.keys.sorted().prefix(Self.tested)
    return clients.isEmpty
      ? [model(nil, from: version)] : clients.map { model(nil, from: version, of: $0) }
  }

  var writtenModels: [ClientModel] { testedModels }
}
