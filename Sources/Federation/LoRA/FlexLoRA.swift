import Adaptation
import Tensors

/// The best low-rank approximation of the mean of the clients' products (FlexLoRA, arXiv
/// 2402.11505).
///
/// sum_k p_k s_k B_k A_k = U S V^T; a client of rank r starts from the r largest singular values,
/// B = U S / s and A = V^T, with its own scale s. How S is split between both factors is a choice.
/// Computed from the stacked factors, whose rank is small, never from the dense sum. Directions
/// missing from the sum are reset to the initial state, with the existing rows of A and B = 0. Down
/// and up: r_k (inputs + outputs) numbers per layer.
struct FlexLoRA: LoRAAlgorithm {
  static let takesAnyRank = true
  static let requirements = Requirements.loraRule("flexlora", hasOwnMean: true) {
    $0.needs[.individualUpdates] =
      "flexlora decomposes the mean of the products of each client's factors"
  }

  let lora: LoRADimensions
  private(set) var version: ServerVersion
  private var clients: [Client] = []

  private struct Client: Codable {
    let factors: [Float]
    let size: LoRASize
    let weight: Double
  }

  init(_ start: LoRAStart) {
    lora = start.dimensions
    version = ServerVersion(parameters: start.factors)
  }

  func factors(of version: ServerVersion, _ size: LoRASize) -> [Float] {
    var factors = shape.resizing(version.parameters, from: lora.size.rank, to: size.rank)
    let ratio = shape.scale(lora.size) / shape.scale(size)
    guard ratio != 1 else { return factors }
    for layer in shape.layers.indices {
      for place in shape.range(of: .b, layer, rank: size.rank) { factors[place] *= ratio }
    }
    return factors
  }

  mutating func receive(_ update: ClientUpdate) {
    clients.append(
      Client(factors: trained(update), size: update.work.part!.size, weight: update.weight))
  }

  mutating func makeVersion() {
    version = version.next(version.parameters)
    let total = clients.reduce(0) { $0 + $1.weight }
    if total > 0 { for layer in shape.layers.indices { replace(layer, total) } }
    clients = []
  }

  private mutating func replace(_ index: Int, _ total: Double) {
    let (layer, rank) = (shape.layers[index], lora.size.rank)
    let inner = clients.reduce(0) { $0 + $1.size.rank }
    var rows: [Float] = []
    var columns = [Float](repeating: 0, count: layer.outputs * inner)
    for client in clients {
      let share = Float(client.weight / total) * shape.scale(client.size)
      let first = rows.count / layer.inputs
      rows += client.factors[shape.range(of: .a, index, rank: client.size.rank)].map { share * $0 }
      let b = shape.range(of: .b, index, rank: client.size.rank).lowerBound
      for row in 0..<layer.outputs {
        for column in 0..<client.size.rank {
          columns[row * inner + first + column] =
            client.factors[b + row * client.size.rank + column]
        }
      }
    }
    let product = SingularValues(
      ofProduct: columns, rows, rows: layer.outputs, inner: inner, columns: layer.inputs)
    let a = shape.range(of: .a, index, rank: rank).lowerBound
    let b = shape.range(of: .b, index, rank: rank).lowerBound
    let scale = shape.scale(lora.size)
    for direction in 0..<rank {
      let isThere = direction < product.values.count && product.values[direction] > 0
      if isThere {
        version.parameters.replaceSubrange(
          a + direction * layer.inputs..<a + (direction + 1) * layer.inputs,
          with: product.vt[direction * layer.inputs..<(direction + 1) * layer.inputs])
      }
      for row in 0..<layer.outputs {
        version.parameters[b + row * rank + direction] =
          isThere
          ? product.u[row * product.values.count + direction] * product.values[direction] / scale
          : 0
      }
    }
  }
}
