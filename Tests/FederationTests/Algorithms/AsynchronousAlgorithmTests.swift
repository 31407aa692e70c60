import Foundation
import Testing

@testable import Federation

struct AsynchronousAlgorithmTests {
  /// A client's update based on a version.
  private func update(
    _ change: [Float], from base: ServerVersion, at version: ServerVersion, weight: Double = 1
  ) -> ClientUpdate {
    ClientUpdate(
      ClientWork(client: 0, base: base, change: change), sent: change, weight: weight,
      staleness: version.number - base.number)
  }

  @Test func `staleness weights match the formulas`() {
    let polynomial = StalenessWeight.polynomial(exponent: 2)
    let hinge = StalenessWeight.hinge(slope: 10, grace: 4)
    #expect([0, 1, 3].map(StalenessWeight.constant.weight) == [1, 1, 1])
    #expect([0, 1, 3].map(polynomial.weight) == [1, 0.25, 0.0625])
    #expect([0, 4, 5, 6].map(hinge.weight) == [1, 1, 1 / 11, 1 / 21])
    #expect([0, 3, 8].map(StalenessWeight.inverseSquareRoot.weight) == [1, 0.5, 1.0 / 3])
  }

  @Test func `FedAsync mixes in the clients' models as they arrive`() {
    var algorithm = FedAsync(
      parameters: [8], count: 1, mixing: 0.5, staleness: .polynomial(exponent: 1))
    let start = algorithm.version
    // Two clients start together; the first leaves 0 + 4, the second is one version late.
    algorithm.receive(update([-8], from: start, at: start))
    algorithm.makeVersion()
    let first = algorithm.version
    #expect(first == ServerVersion(number: 1, parameters: [4]))  // (8 + 0) / 2
    algorithm.receive(update([4], from: start, at: first))
    algorithm.makeVersion()
    let second = algorithm.version
    #expect(second == ServerVersion(number: 2, parameters: [6]))  // 3/4 of 4 and 1/4 of 12
    algorithm.receive(update([1], from: second, at: second))
    algorithm.makeVersion()
    #expect(algorithm.version == ServerVersion(number: 3, parameters: [6.5]))
  }

  @Test func `FedBuff averages a version's updates and down-weights stale ones`() throws {
    var algorithm = FedBuff(
      parameters: [0, 10], count: 2, optimizer: .fedAvg(FedAvg(learningRate: 0.5)))
    for _ in 1...3 { algorithm.makeVersion() }
    let start = algorithm.version
    #expect(start == ServerVersion(number: 3, parameters: [0, 10]))
    algorithm.receive(update([4, 0], from: start, at: start))
    #expect(algorithm.version == start)
    algorithm.receive(update([0, 8], from: start, at: start))
    algorithm.makeVersion()
    let next = algorithm.version
    // Half of (4, 8) / 2.
    #expect(next == ServerVersion(number: 4, parameters: [1, 12]))

    // An update three versions late has half the weight, and the divisor stays 2.
    let old = ServerVersion(number: 1, parameters: [0, 0])
    algorithm.receive(update([8, 8], from: old, at: next))
    var copy = try JSONDecoder().decode(FedBuff.self, from: JSONEncoder().encode(algorithm))
    let last = update([0, 4], from: next, at: next)
    algorithm.receive(last)
    algorithm.makeVersion()
    #expect(algorithm.version == ServerVersion(number: 5, parameters: [2, 14]))
    copy.receive(last)
    copy.makeVersion()
    #expect(copy.version == ServerVersion(number: 5, parameters: [2, 14]))
  }

  @Test func `FedBuff's updates can be weighted by their samples`() {
    var algorithm = FedBuff(parameters: [0], count: 1, staleness: .constant)
    let start = algorithm.version
    algorithm.receive(update([4], from: start, at: start, weight: 3))
    algorithm.receive(update([-4], from: start, at: start, weight: 1))
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [2])
  }

  @Test(arguments: [
    FedAsync(parameters: [4, -1], count: 2, mixing: 1) as any FederatedAlgorithm,
    FedBuff(parameters: [4, -1], count: 2),
  ])
  func `with one client that is never late an algorithm equals plain training`(
    algorithm: any FederatedAlgorithm
  ) {
    var algorithm = algorithm
    var trained = algorithm.version.parameters
    #expect(trained == [4, -1])
    for step in 1...5 {
      let version = algorithm.version
      let change: [Float] = version.parameters.map { -0.3 * $0 + Float(step) }
      trained = trained.map { $0 + (-0.3 * $0 + Float(step)) }
      algorithm.receive(update(change, from: version, at: version))
      algorithm.makeVersion()
      #expect(algorithm.version == ServerVersion(number: step, parameters: trained))
    }
  }
}
