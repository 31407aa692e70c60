import Adaptation
import Testing

@testable import Federation

/// The B that a FedSA client keeps, whether or not its upload arrives.
struct PersonalFactorTests {
  private func work(
    _ federation: LoRAFederation, of client: Int, _ change: [Float]
  ) -> ClientWork {
    ClientWork(
      client: client, base: federation.version,
      part: TrainedPart(size: federation.algorithm.lora.size, part: .both), change: change)
  }

  private func b(_ federation: LoRAFederation, of client: Int) -> [Float] {
    let lora = federation.algorithm.lora
    return lora.numbers(
      of: .b,
      in: federation.clientModel(lora.size, from: federation.version, of: client).parameters)
  }

  @Test func `a client whose upload is lost keeps its B, which affects no other client`() throws {
    var federation = try LoRAFederation(.fedsa)
    let start = federation.version
    let changes = federation.changes(1)
    let lora = federation.algorithm.lora
    #expect(type(of: federation.algorithm).keepsClientState)
    #expect(b(federation, of: 1).allSatisfy { $0 == 0 })
    federation.algorithm.keep(work(federation, of: 1, changes[1]))
    federation.algorithm.makeVersion()
    #expect(b(federation, of: 1) == lora.numbers(of: .b, in: changes[1]))
    #expect(b(federation, of: 0).allSatisfy { $0 == 0 })
    #expect(federation.version.parameters == start.parameters)
    // It continues from there: the second training's B is added to the first's.
    let second = federation.changes(2)
    federation.algorithm.keep(work(federation, of: 1, second[1]))
    let sum = zip(changes[1], second[1]).map { $0 + $1 }
    #expect(b(federation, of: 1) == lora.numbers(of: .b, in: sum))
    #expect(federation.algorithm.testedModels.map(\.owner) == [1])
  }

  @Test func `an upload contains only A, and receiving it does not change B`() throws {
    var federation = try LoRAFederation(.fedsa)
    let work = work(federation, of: 2, federation.changes(1)[2])
    let message = federation.algorithm.message(work)
    let lora = federation.algorithm.lora
    #expect(message == lora.numbers(of: .a, in: work.change))
    federation.algorithm.receive(ClientUpdate(work, sent: message))
    federation.algorithm.makeVersion()
    #expect(b(federation, of: 2).allSatisfy { $0 == 0 })
    let a = lora.numbers(of: .a, in: work.base.parameters)
    #expect(
      lora.numbers(of: .a, in: federation.version.parameters) == zip(a, message).map { $0 + $1 })
  }

  @Test func `a client of an old version starts from its own B and that version's A`() throws {
    var federation = try LoRAFederation(.fedsa)
    let old = federation.version
    _ = federation.run(1)
    let lora = federation.algorithm.lora
    let model = federation.clientModel(lora.size, from: old, of: 0)
    #expect(model.version == 0)
    #expect(lora.numbers(of: .a, in: model.parameters) == lora.numbers(of: .a, in: old.parameters))
    #expect(lora.numbers(of: .b, in: model.parameters) == b(federation, of: 0))
  }
}
