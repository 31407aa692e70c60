import Adaptation
import CLIP
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Federation

/// Rule-specific behaviour.
struct RuleTests {
  @Test func `rounds alternate between B and A, and leave the other unchanged`() throws {
    var federation = try LoRAFederation(.rolora)
    for round in 1...4 {
      let before = federation.version
      let algorithm = federation.algorithm
      let method = federation.method(algorithm.model(nil, from: before))
      let trained: LoRAPart = round % 2 == 1 ? .b : .a
      #expect(method.part == trained)
      #expect(algorithm.trainedPart == trained)
      _ = federation.run(UInt64(round))
      let after = federation.version
      let frozen: LoRAPart = round % 2 == 1 ? .a : .b
      #expect(algorithm.numbers(of: frozen, in: after) == algorithm.numbers(of: frozen, in: before))
      #expect(
        algorithm.numbers(of: trained, in: after) != algorithm.numbers(of: trained, in: before))
    }
  }

  @Test func `each client keeps its own B and all share A`() throws {
    var federation = try LoRAFederation(.fedsa)
    let size = federation.algorithm.lora.size
    let shape = federation.algorithm.shape
    let changes = federation.changes(1)
    let before = federation.version
    _ = federation.run(1)
    let (algorithm, version) = (federation.algorithm, federation.version)
    #expect(algorithm.numbers(of: .b, in: version).allSatisfy { $0 == 0 })
    #expect(algorithm.numbers(of: .a, in: version) != algorithm.numbers(of: .a, in: before))
    for client in federation.clients.indices {
      let start = federation.clientModel(size, from: version, of: client)
      #expect(start.owner == client)
      #expect(
        shape.numbers(of: .b, in: start.parameters, rank: size.rank)
          == shape.numbers(of: .b, in: changes[client], rank: size.rank))
      #expect(
        shape.numbers(of: .a, in: start.parameters, rank: size.rank)
          == algorithm.numbers(of: .a, in: version))
    }
    let models = algorithm.testedModels
    #expect(models.map(\.owner) == [0, 1, 2])
    #expect(Set(models.map(\.parameters)).count == 3)
  }

  /// One layer with two inputs and one output, and clients with [3 4] and 1, and with the identity matrix and
  /// [9 12]: products [3 4] and [9 12], whose norms are 5 and 15.
  private static let shape = LoRAShape(
    layers: [.init(inputs: 2, outputs: 1)], scaling: .plain)

  private static func algorithm(
    _ rule: LoRARule, rank: Int, factors: [Float]
  ) throws -> any LoRAAlgorithm {
    try LoRAFederation(rule).algorithm.on(
      LoRADimensions(shape, LoRASize(rank: rank, alpha: 1)), parameters: factors)
  }

  /// Delivers one client's factors to an algorithm whose clients start from zeros.
  private static func receive(
    _ factors: [Float], rank: Int, weight: Double, _ algorithm: inout any LoRAAlgorithm
  ) {
    let work = ClientWork(
      client: 0, base: ServerVersion(parameters: algorithm.version.parameters.map { _ in 0 }),
      part: TrainedPart(size: LoRASize(rank: rank, alpha: 1), part: .both), change: factors)
    algorithm.receive(ClientUpdate(work, sent: algorithm.message(work), weight: weight))
  }

  private static func pad(_ rule: LoRARule, weights: [Double]) throws -> any LoRAAlgorithm {
    var algorithm = try algorithm(rule, rank: 2, factors: .init(repeating: 0, count: 6))
    receive([3, 4, 1], rank: 1, weight: weights[0], &algorithm)
    receive([1, 0, 0, 1, 9, 12], rank: 2, weight: weights[1], &algorithm)
    algorithm.makeVersion()
    return algorithm
  }

  /// The initial parameters of a rank-1 client.
  private static func first(_ algorithm: any LoRAAlgorithm, alpha: Float) -> [Float] {
    let part = TrainedPart(size: LoRASize(rank: 1, alpha: alpha), part: .both)
    return algorithm.model(part, from: algorithm.version).parameters
  }

  @Test func `ranks are padded with zeros and weighted by norms, whatever the samples`() throws {
    let algorithm = try Self.pad(.hetlora, weights: [1000, 1])
    #expect(algorithm.version.parameters == [1.5, 1, 0, 0.75, 7, 9])
    #expect(Self.first(algorithm, alpha: 1) == [1.5, 1, 7])
  }

  @Test func `ranks are padded with zeros and weighted by samples`() throws {
    let algorithm = try Self.pad(.dylora, weights: [1, 3])
    #expect(algorithm.version.parameters == [1.5, 1, 0, 0.75, 7, 9])
    #expect(Self.first(algorithm, alpha: 8) == [1.5, 1, 7])
  }

  @Test func `clients with zero updates count equally`() throws {
    var algorithm = try Self.algorithm(.hetlora, rank: 1, factors: [9, 9, 9])
    for a: Float in [2, 4] { Self.receive([a, a, 0], rank: 1, weight: 1, &algorithm) }
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [3, 3, 0])
  }

  @Test(arguments: [1, 2, 3])
  func `a client receives the best approximation of its rank`(rank: Int) throws {
    var federation = try LoRAFederation(.flexlora)
    let mean = federation.run(1)
    let shape = federation.algorithm.shape
    let size = LoRASize(rank: rank, alpha: 7)
    let sent = federation.clientModel(size, from: federation.version, of: 0).parameters
    let product = naiveProduct(sent, shape, rank: rank, scale: shape.scale(size))
    var offset = 0
    for layer in shape.layers {
      let exact = mean[offset..<offset + layer.count]
      let dense = SingularValues(
        of: exact.map(Float.init), rows: layer.outputs, columns: layer.inputs)
      let least = dense.values[rank...].reduce(0) { $0 + Double($1) * Double($1) }
      let rest = zip(exact, product[offset..<offset + layer.count])
        .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(abs(rest.squareRoot() - least.squareRoot()) < 1e-5 * Double(dense.values[0]))
      #expect(least > 0.01)
      offset += layer.count
    }
  }

  @Test(arguments: LoRARule.allCases)
  func `a server saved in the middle of a round makes the same version`(
    rule: LoRARule
  ) throws {
    var federation = try LoRAFederation(rule)
    _ = federation.run(1)
    let base = federation.version
    let changes = federation.changes(2)
    federation.receive(changes[0], of: 0, from: base)
    var copy = federation
    copy.algorithm = try federation.algorithm.copied()
    for index in 1...2 {
      federation.receive(changes[index], of: index, from: base)
      copy.receive(changes[index], of: index, from: base)
    }
    federation.algorithm.makeVersion()
    copy.algorithm.makeVersion()
    #expect(copy.version == federation.version)
    #expect(copy.algorithm.bias == federation.algorithm.bias)
    let size = federation.algorithm.lora.size
    #expect(
      copy.clientModel(size, from: base, of: 0).parameters
        == federation.clientModel(size, from: base, of: 0).parameters)
  }

  @Test(arguments: [LoRARule.average, .stacking, .fedex, .flexlora, .fedSB, .loraFAIR])
  func `the exported parameters equal the version`(rule: LoRARule) throws {
    var federation = try LoRAFederation(rule)
    _ = federation.run(1)
    _ = federation.run(2)
    let (lora, model) = (federation.lora, federation.model)
    let tested = federation.algorithm.testedModels[0]
    let written = federation.algorithm.writtenModels[0]
    let folder = try TemporaryFolder()
    try federation.method(written).write(written.parameters, to: folder.url)
    let read = try PartialLoRA(lora, from: folder.url, of: model)
    let merged = MergedWeights.vector(
      AdaptedModel(model, read), parameters: read.initialParameters(of: model, seed: 0))
    let expected = MergedWeights.vector(
      AdaptedModel(model, federation.method(tested)), parameters: tested.parameters)
    #expect(relativeError(merged, expected) < 1e-6)
    #expect(relativeError(expected, model.numbers(model.parameters.layout.entries.indices)) > 0.01)
  }
}
