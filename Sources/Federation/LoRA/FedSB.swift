import Adaptation
import CLIP
import Tensors

/// Trains only a square core between fixed factors (Fed-SB, arXiv 2502.15436).
///
/// y = W x + b + s B R A x, R [r, r]; the mean R = sum_k p_k R_k is exact, since B and A are the
/// same for all. The paper determines B and A from a decomposition of a first full gradient, which
/// needs data on the server. Here they are LoRA-XS's (arXiv 2405.17604), which need no data and
/// which every device can compute from its base: with W = U S V^T, B = U_r S_r and A = V_r^T. R
/// starts as zero, which gives the base's predictions; its gradient is not zero, because neither
/// factor is. A version's parameters are R. Down and up: r^2 numbers per layer.
struct FedSB: LoRAAlgorithm, EdgeAlgorithm {
  static let requirements = Requirements.loraRule("fed-sb", takesMeans: true)

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  /// A and B of every layer.
  private let fixed: [Float]
  private var mean: AggregationStrategy

  init(_ start: LoRAStart, _ mean: AggregationStrategy) {
    lora = start.dimensions
    fixed = Self.factors(start.lora, of: start.model)
    version = ServerVersion(
      parameters: .init(
        repeating: 0, count: lora.shape.count(of: .core, rank: lora.size.rank)))
    self.mean = mean
  }

  private static func factors(_ lora: LoRAMethod, of model: CLIPModel) -> [Float] {
    let (shape, rank) = (lora.shape, lora.rank)
    var factors = [Float](repeating: 0, count: shape.count(of: .both, rank: rank))
    for (index, layer) in shape.layers.enumerated() {
      let values = SingularValues(
        of: model.numbers([lora.weights[index]]), rows: layer.outputs, columns: layer.inputs)
      let kept = min(rank, values.values.count)
      factors.replaceSubrange(
        shape.range(of: .a, index, rank: rank).prefix(kept * layer.inputs),
        with: values.vt[..<(kept * layer.inputs)])
      let b = shape.range(of: .b, index, rank: rank).lowerBound
      for row in 0..<layer.outputs {
        for column in 0..<kept {
          factors[b + row * rank + column] =
            values.u[row * values.values.count + column] * values.values[column]
        }
      }
    }
    return factors
  }

  func part(from version: ServerVersion) -> LoRAPart { .core }

  func factors(of version: ServerVersion, _ size: LoRASize) -> [Float] { fixed }

  func start(_ part: TrainedPart, from version: ServerVersion) -> [Float] { version.parameters }

  mutating func receive(_ update: ClientUpdate) {
    mean.accumulate(update.received, weight: update.weight)
  }

  mutating func makeVersion() { version = version.next(mean.finish(version.parameters)) }

  mutating func adopt(_ version: ServerVersion) { self.version = version }

  /// With the core multiplied into B: B R, A.
  var writtenModels: [ClientModel] {
    let rank = lora.size.rank
    var factors = fixed
    for (index, layer) in shape.layers.enumerated() {
      let range = shape.range(of: .b, index, rank: rank)
      let core = version.parameters[shape.ownRange(of: .core, index, rank: rank)]
      factors.replaceSubrange(
        range,
        with: product(
          Array(factors[range]), Array(core), rows: layer.outputs, inner: rank, columns: rank))
    }
    return [writtenModel(factors)]
  }
}
