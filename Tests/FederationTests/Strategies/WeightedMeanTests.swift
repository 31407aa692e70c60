import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Federation

/// Means of vectors of which some are stored elsewhere.
struct WeightedMeanTests {
  private static let weights: [Double] = [3, 17, 129, 0.3, 2]
  private static let vectors = weights.indices.map { randomNumbers(50, seed: UInt64($0)) }

  /// A vector that says how often it was fetched.
  private final class Elsewhere: RemoteVector {
    let elements: [Float]
    let fetches: Counter

    final class Counter: Sendable { let count = Mutex(0) }

    init(_ elements: [Float], _ fetches: Counter) {
      self.elements = elements
      self.fetches = fetches
    }

    var count: Int { elements.count }
    var termsAtOnce: Int { 3 }

    func fetch() -> [Float] {
      fetches.count.withLock { $0 += 1 }
      return elements
    }

    func sum(_ start: StoredVector, _ terms: [WeightedVector]) -> any RemoteVector {
      func known(_ vector: StoredVector) -> [Float] {
        switch vector {
        case .here(let elements): elements
        case .elsewhere(let remote): (remote as! Elsewhere).elements
        }
      }
      var sum = known(start)
      if sum.isEmpty { sum = [Float](repeating: 0, count: count) }
      for term in terms {
        for index in sum.indices { sum[index] += term.factor * known(term.vector)[index] }
      }
      return Elsewhere(sum, fetches)
    }
  }

  /// Each bit says whether a vector is elsewhere.
  @Test(arguments: 0..<32)
  func `a mean has the same bits wherever vectors are stored`(mask: Int) {
    let fetches = Elsewhere.Counter()
    var (plain, mean) = (WeightedMean(), WeightedMean())
    for (index, vector) in Self.vectors.enumerated() {
      plain.add(vector, weight: Self.weights[index])
      mean.add(
        mask >> index & 1 == 1 ? .elsewhere(Elsewhere(vector, fetches)) : .here(vector),
        weight: Self.weights[index])
    }
    let sum = plain.take()
    #expect(sum != nil && mean.take() == sum)
    #expect(mean.take() == nil, "it starts again")
    #expect(fetches.count.withLock(\.self) == (mask == 0 ? 0 : 1), "only the sum is fetched")
  }

  @Test func `a checkpoint does not depend on where vectors are stored`() throws {
    let fetches = Elsewhere.Counter()
    var (plain, mean) = (WeightedMean(), WeightedMean())
    for (index, vector) in Self.vectors.enumerated() {
      plain.add(vector, weight: Self.weights[index])
      mean.add(.elsewhere(Elsewhere(vector, fetches)), weight: Self.weights[index])
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let bytes = try encoder.encode(mean)
      #expect(try bytes == encoder.encode(plain))
      #expect(mean == plain)
      mean = index == 3 ? try JSONDecoder().decode(WeightedMean.self, from: bytes) : mean
    }
    #expect(mean.take() == plain.take())
  }

  @Test func `algorithms that only add changes say so`() {
    func average(_ privacy: PrivateMean? = nil) -> FederatedAveraging {
      FederatedAveraging(parameters: [1, 2], count: 2, AggregationStrategy(privacy: privacy))
    }
    let noise = PrivateMean(clippingNorm: 1, noiseMultiplier: 1, expectedCohort: 2, seed: 1)
    let buffer = FedBuff(parameters: [1, 2], count: 2)
    #expect(average().onlyAddsChanges && FedProx(mu: 0.1, average()).onlyAddsChanges)
    #expect(buffer.onlyAddsChanges && FedProx(mu: 0.1, buffer).onlyAddsChanges)
    #expect(HierarchicalAveraging(average(noise), edge: buffer, count: 2).onlyAddsChanges)
    // Each change is clipped, mixed with its own version, compared with its control variate, or has
    // a part that stays with its client.
    #expect(!average(noise).onlyAddsChanges)
    #expect(!FedAsync(parameters: [1, 2], count: 2).onlyAddsChanges)
    #expect(
      !Scaffold(parameters: [1, 2], count: 2, clients: 3, clientLearningRate: 1).onlyAddsChanges)
    let parts = PersonalParts([(0..<1, true), (1..<2, false)])
    #expect(!PartialSharing(average(), parts, initial: [1, 2]).onlyAddsChanges)
  }

  @Test func `an algorithm that needs a whole change fetches it`() {
    let fetches = Elsewhere.Counter()
    var algorithm = FedAsync(parameters: [1, 2], count: 2, mixing: 0.5)
    let work = ClientWork(
      client: 0, base: algorithm.version, storedChange: .elsewhere(Elsewhere([2, -2], fetches)))
    algorithm.receive(ClientUpdate(sendingChangeOf: work))
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [2, 1])
    #expect(fetches.count.withLock(\.self) == 1)
  }
}
