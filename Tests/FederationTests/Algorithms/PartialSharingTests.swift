import Adaptation
import Foundation
import Tensors
import Testing

@testable import Federation

/// Parameters that stay with each client, around any algorithm.
struct PartialSharingTests {
  /// Two shared parameters, two personal ones, and a shared one.
  private static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    layout.append("tower.weight", [2])
    layout.append("head.weight", [1])
    layout.append("head.bias", [1])
    layout.append("scale", [1])
    return layout
  }()

  private static let initial: [Float] = [1, 2, 30, 40, 5]

  private static func parts() -> PersonalParts {
    PersonalParts(in: layout) { $0.name.hasPrefix("head") }
  }

  private static func sharing<Base: FederatedAlgorithm>(
    _ base: ([Float], Int) -> Base
  ) -> PartialSharing<Base> {
    let parts = parts()
    return PartialSharing(
      base(parts.shared(of: initial), parts.sharedCount), parts, initial: initial)
  }

  private static func average() -> PartialSharing<FederatedAveraging> {
    sharing { FederatedAveraging(parameters: $0, count: $1, AggregationStrategy()) }
  }

  private func work(
    _ algorithm: some FederatedAlgorithm, _ client: Int, _ change: [Float], steps: Int = 1
  ) -> ClientWork {
    ClientWork(client: client, base: algorithm.version, change: change, steps: steps)
  }

  @Test func `only shared parameters are sent and averaged, in their order`() {
    var algorithm = Self.average()
    #expect(algorithm.version.parameters == [1, 2, 5])
    #expect(algorithm.numbersDown(nil, last: nil) == 3 && algorithm.numbersUp(nil) == 3)
    #expect(type(of: algorithm).keepsClientState && !type(of: algorithm).sendsChange)
    for (client, change) in ([[4, 0, 7, 8, 2], [0, 8, -1, -2, 6]] as [[Float]]).enumerated() {
      let work = work(algorithm, client, change)
      let message = algorithm.message(work)
      #expect(message == [change[0], change[1], change[4]])
      algorithm.keep(work)
      algorithm.receive(ClientUpdate(work, sent: message, weight: client == 0 ? 1 : 3))
    }
    algorithm.makeVersion()
    // (4, 0, 2) and three times (0, 8, 6), divided by 4.
    #expect(algorithm.version.parameters == [2, 8, 10])
    func model(_ client: Int) -> [Float] {
      algorithm.model(nil, from: algorithm.version, of: client).parameters
    }
    #expect(model(0) == [2, 8, 37, 48, 10])
    #expect(model(1) == [2, 8, 29, 38, 10])
    #expect(model(2) == [2, 8, 30, 40, 10], "a client that has not trained has the initial ones")
    #expect(algorithm.testedModels.map(\.owner) == [0, 1])
    #expect(algorithm.testedModels.map(\.parameters) == [model(0), model(1)])
    #expect(algorithm.model(nil, from: algorithm.version).parameters == [2, 8, 30, 40, 10])
  }

  @Test func `a client whose upload is lost keeps its parameters and continues from them`() {
    var algorithm = Self.average()
    for _ in 1...2 { algorithm.keep(work(algorithm, 4, [9, 9, 1, 2, 9])) }
    algorithm.makeVersion()
    #expect(
      algorithm.model(nil, from: algorithm.version, of: 4).parameters == [1, 2, 32, 44, 5])
  }

  @Test func `control variates are those of the shared parameters`() throws {
    var algorithm = Self.sharing {
      Scaffold(parameters: $0, count: $1, clients: 2, clientLearningRate: 0.5)
    }
    let work = work(algorithm, 1, [-2, -4, 100, 100, -6], steps: 2)
    let message = algorithm.message(work)
    // c_i' = (x - y) / (K l) with K l = 1.
    #expect(message == [-2, -4, -6, 2, 4, 6])
    algorithm.keep(work)
    algorithm.receive(ClientUpdate(work, sent: message))
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [-1, -2, -1])
    let correction = try #require(algorithm.correction(of: 0, from: algorithm.version))
    #expect(correction.drift == [1, 2, 0, 0, 3])
  }

  @Test func `edges and the cloud see the shared parameters alone`() {
    let base = Self.sharing { shared, count in
      HierarchicalAveraging(
        FederatedAveraging(parameters: shared, count: count, AggregationStrategy()),
        edge: FederatedAveraging(parameters: shared, count: count, AggregationStrategy()), count: 1)
    }
    var algorithm: any TieredAlgorithm = FedProx(mu: 1, base)
    algorithm.sendDown(to: 0)
    algorithm.adopt(at: 0)
    let work = ClientWork(
      client: 0, base: algorithm.version(at: 0), change: [1, 1, 1, 1, 1])
    algorithm.keep(work)
    algorithm.receive(ClientUpdate(work, sent: algorithm.message(work)), at: 0)
    algorithm.makeVersion(at: 0)
    algorithm.sendUp(from: 0)
    algorithm.receive(from: 0, staleness: 0)
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [2, 3, 6])
    #expect(
      algorithm.model(nil, from: algorithm.version, of: 0).parameters == [2, 3, 31, 41, 6])
  }

  @Test func `a timing-only run has counts and no values`() {
    let parts = Self.parts()
    let algorithm = PartialSharing(
      FederatedAveraging(parameters: [], count: parts.sharedCount, AggregationStrategy()), parts,
      initial: [])
    #expect(algorithm.model(nil, from: algorithm.version).parameters.isEmpty)
    #expect(algorithm.numbersUp(nil) == 3)
  }

  @Test func `a saved server continues like the original`() throws {
    var algorithm = Self.average()
    algorithm.keep(work(algorithm, 3, [1, 2, 3, 4, 5]))
    let copy = try JSONDecoder().decode(
      PartialSharing<FederatedAveraging>.self, from: JSONEncoder().encode(algorithm))
    for client in 2...3 {
      #expect(
        copy.model(nil, from: copy.version, of: client).parameters
          == algorithm.model(nil, from: algorithm.version, of: client).parameters)
    }
  }
}
