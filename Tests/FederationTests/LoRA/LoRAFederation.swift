import Adaptation
import CLIP
import Foundation
import Randomness
import TestSupport
import TrainingBackends

@testable import Federation

/// An algorithm for the small random CLIP's LoRA with clients that send random changes.
struct LoRAFederation {
  struct Client {
    let size: LoRASize
    let weight: Double
  }

  let model: CLIPModel
  let lora: LoRAMethod
  var algorithm: any LoRAAlgorithm
  let clients: [Client]

  init(_ rule: LoRARule, rank: Int = 3, ranks: [Int]? = nil) throws {
    model = try Fixtures.clip("tiny")
    lora = LoRAMethod(
      model.configuration, tower: .text, modules: [.query, .expansion], rank: rank, alpha: 4)
    algorithm = rule.algorithm(LoRAStart(lora, of: model, seed: 5))
    let takesAnyRank = rule.takesAnyRank
    let ranks = ranks ?? (takesAnyRank ? [2, 1, rank] : [rank, rank, rank])
    clients = zip(ranks, [5.0, 1, 12]).map {
      Client(size: LoRASize(rank: $0, alpha: Float(takesAnyRank ? 2 + $0 : 4)), weight: $1)
    }
  }

  var version: ServerVersion { algorithm.version }

  /// A client's initial parameters from a version, for all clients or a given one.
  func clientModel(
    _ size: LoRASize, from version: ServerVersion, of client: Int? = nil
  ) -> ClientModel {
    let part = TrainedPart(size: size, part: algorithm.part(from: version))
    guard let client else { return algorithm.model(part, from: version) }
    return algorithm.model(part, from: version, of: client)
  }

  /// A client's method, as a backend builds it.
  func method(_ client: ClientModel) -> PartialLoRA {
    PartialLoRA(client.lora!, client, of: AdaptedModel(model, lora))
  }

  /// Random changes of each client's trained parameters.
  func changes(_ round: UInt64) -> [[Float]] {
    clients.indices.map { index in
      let start = clientModel(clients[index].size, from: version, of: index).parameters
      return randomNumbers(start.count, seed: 10 * round + UInt64(index), scale: 0.3)
    }
  }

  mutating func receive(_ change: [Float], of index: Int, from base: ServerVersion) {
    let client = clients[index]
    let part = TrainedPart(size: client.size, part: algorithm.part(from: base))
    let work = ClientWork(client: index, base: base, part: part, change: change)
    algorithm.keep(work)
    algorithm.receive(ClientUpdate(work, sent: algorithm.message(work), weight: client.weight))
  }

  /// A complete round.
  ///
  /// - Returns: sum_k p_k of the clients' dense weight changes, independent of the rule.
  mutating func run(_ round: UInt64) -> [Double] {
    let base = version
    let changes = changes(round)
    let total = clients.reduce(0) { $0 + $1.weight }
    var mean: [Double] = []
    for (index, change) in changes.enumerated() {
      let client = clients[index]
      let start = clientModel(client.size, from: base, of: index)
      let trained = zip(start.parameters, change).map { $0 + $1 }
      let dense = denseChange(
        method: method(clientModel(client.size, from: base)), trained, base)
      if mean.isEmpty { mean = .init(repeating: 0, count: dense.count) }
      for place in mean.indices { mean[place] += client.weight / total * dense[place] }
      receive(change, of: index, from: base)
    }
    algorithm.makeVersion()
    return mean
  }

  /// The weight change of the server's version.
  var versionChange: [Double] {
    let own = algorithm.model(nil, from: version)
    return denseChange(method: method(own), own.parameters, version)
  }

  /// The weight change that a method computes: merged + s B A or s B R A, by definition.
  private func denseChange(
    method: PartialLoRA, _ trained: [Float], _ version: ServerVersion
  ) -> [Double] {
    let rank = method.lora.rank
    let shape = algorithm.shape
    var factors = algorithm.factors(of: version, method.lora.size)
    if method.part != .core {
      factors = shape.factors(factors, replacing: method.part, by: trained, rank: rank)
    }
    var result = version.merged.map(Double.init)
    let product = naiveProduct(
      factors, shape, rank: rank, scale: shape.scale(method.lora.size),
      core: method.part == .core ? trained : nil)
    if result.isEmpty { return product }
    for place in result.indices { result[place] += product[place] }
    return result
  }
}

extension LoRAAlgorithm {
  /// The values of a part of a version, of the server's size.
  func numbers(of part: LoRAPart, in version: ServerVersion) -> [Float] {
    part == .core
      ? version.parameters : lora.numbers(of: part, in: factors(of: version, lora.size))
  }

  /// The same after saving and loading.
  func copied() throws -> Self {
    try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(self))
  }

  /// The same with other layers and values, for examples calculated by hand.
  func on(_ lora: LoRADimensions, parameters: [Float]) throws -> Self {
    func json(_ value: some Encodable) throws -> Any {
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
    }
    var object = try json(self) as! [String: Any]
    object["lora"] = try json(lora)
    if self is FedSA { object["parts"] = try json(FedSA.parts(of: lora)) }
    object["version"] = try json(ServerVersion(parameters: parameters))
    return try JSONDecoder().decode(
      Self.self, from: JSONSerialization.data(withJSONObject: object))
  }
}

/// s B A, or s B R A, of every layer, concatenated as [outputs, inputs].
func naiveProduct(
  _ factors: [Float], _ shape: LoRAShape, rank: Int, scale: Float, core: [Float]? = nil
) -> [Double] {
  shape.layers.indices.flatMap { index -> [Double] in
    let layer = shape.layers[index]
    let a = factors[shape.range(of: .a, index, rank: rank)].map(Double.init)
    let b = factors[shape.range(of: .b, index, rank: rank)].map(Double.init)
    var r = [Double](repeating: 0, count: rank * rank)
    for place in r.indices {
      let range = shape.ownRange(of: .core, index, rank: rank)
      r[place] =
        core.map { Double($0[range.lowerBound + place]) } ?? (place % (rank + 1) == 0 ? 1 : 0)
    }
    var result: [Double] = []
    for row in 0..<layer.outputs {
      for column in 0..<layer.inputs {
        var sum = 0.0
        for i in 0..<rank {
          for j in 0..<rank {
            let left: Double = b[row * rank + i] * r[i * rank + j]
            sum += left * a[j * layer.inputs + column]
          }
        }
        result.append(Double(scale) * sum)
      }
    }
    return result
  }
}
