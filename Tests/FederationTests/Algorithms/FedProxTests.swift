import Adaptation
import Foundation
import Testing

@testable import Federation

struct FedProxTests {
  private func average() -> FederatedAveraging {
    FederatedAveraging(parameters: [1, 2], count: 2, AggregationStrategy())
  }

  @Test func `clients are pulled back to their initial version, which they hold in memory`() {
    let algorithm = FedProx(mu: 0.3, average())
    let correction = algorithm.correction(of: 5, from: algorithm.version)
    #expect(correction?.proximal == 0.3 && correction?.drift == nil)
    #expect(algorithm.clientMemory == ClientMemory(holdsStart: true))
    #expect(average().correction(of: 5, from: average().version) == nil)
    #expect(average().clientMemory == ClientMemory())
    #expect(FedProx(mu: 0, average()).correction(of: 5, from: algorithm.version) == nil)
  }

  @Test func `its versions equal those of the wrapped algorithm`() throws {
    var (algorithm, plain) = (FedProx(mu: 0.3, average()), average())
    for (client, change) in ([[4, 0], [0, 8], [-4, 4]] as [[Float]]).enumerated() {
      let work = ClientWork(client: client, base: plain.version, change: change)
      #expect(algorithm.message(work) == change)
      algorithm.keep(work)
      let update = ClientUpdate(work, sent: change, weight: Double(client + 1))
      algorithm.receive(update)
      plain.receive(update)
    }
    var copy = try JSONDecoder().decode(
      FedProx<FederatedAveraging>.self, from: JSONEncoder().encode(algorithm))
    algorithm.makeVersion()
    copy.makeVersion()
    plain.makeVersion()
    // (4, 0) + 2 (0, 8) + 3 (-4, 4), divided by 6.
    let expected = [1 - 8.0 / 6, 2 + 28.0 / 6]
    for (number, expected) in zip(plain.version.parameters, expected) {
      #expect(abs(Double(number) - expected) < 1e-6)
    }
    #expect(algorithm.version == plain.version && copy.version == plain.version)
    #expect(algorithm.numbersDown(nil, last: nil) == 2 && algorithm.numbersUp(nil) == 2)
    #expect(algorithm.testedModels.map(\.parameters) == [plain.version.parameters])
    #expect(algorithm.writtenModels.map(\.parameters) == [plain.version.parameters])
  }

  /// Rules that override every optional part of an algorithm.
  @Test(arguments: [LoRARule.fedsa, .rolora, .stacking, .average])
  func `FedProx preserves a rule's specific behaviour`(rule: LoRARule) throws {
    var federation = try LoRAFederation(rule)
    _ = federation.run(1)
    try check(federation.algorithm, federation)
  }

  private func check(_ base: some LoRAAlgorithm, _ federation: LoRAFederation) throws {
    let algorithm = FedProx(mu: 1, base)
    let version = base.version
    #expect(type(of: algorithm).requirements == type(of: base).requirements)
    #expect(type(of: algorithm).keepsClientState == type(of: base).keepsClientState)
    #expect(type(of: algorithm).usesLastVersion == type(of: base).usesLastVersion)
    #expect(algorithm.trainedPart == base.trainedPart && algorithm.bias == base.bias)
    let part = TrainedPart(size: base.lora.size, part: base.part(from: version))
    for client in 0..<3 {
      #expect(
        algorithm.model(part, from: version, of: client).parameters
          == base.model(part, from: version, of: client).parameters)
    }
    #expect(
      algorithm.model(part, from: version).parameters
        == base.model(part, from: version).parameters)
    for last in [nil, 0, 1] {
      #expect(algorithm.numbersDown(part, last: last) == base.numbersDown(part, last: last))
    }
    #expect(algorithm.numbersUp(part) == base.numbersUp(part))
    #expect(algorithm.testedModels.map(\.owner) == base.testedModels.map(\.owner))
    #expect(algorithm.writtenModels.map(\.parameters) == base.writtenModels.map(\.parameters))
    let work = ClientWork(
      client: 1, base: version, part: part, change: base.model(part, from: version).parameters)
    #expect(algorithm.message(work) == base.message(work))
  }
}
