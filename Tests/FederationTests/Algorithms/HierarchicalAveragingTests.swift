import Randomness
import Testing

@testable import Federation

/// Means of means beside the mean of all.
struct HierarchicalAveragingTests {
  private static let count = 50

  private static func numbers(_ id: Int, scale: Float = 1) -> [Float] {
    var stream = RandomStream(seed: 7, purpose: "numbers", id)
    return (0..<count).map { _ in scale * Float(stream.normal()) }
  }

  private static let start = numbers(0)

  private func averaging(_ optimizer: ServerOptimizer = .fedAvg(FedAvg())) -> FederatedAveraging {
    FederatedAveraging(
      parameters: Self.start, count: Self.count, AggregationStrategy(optimizer))
  }

  private func tiers(_ edges: Int) -> HierarchicalAveraging<FederatedAveraging, FederatedAveraging>
  {
    HierarchicalAveraging(averaging(), edge: averaging(), count: edges)
  }

  private func update(
    of client: Int, from version: ServerVersion, _ change: [Float], weight: Double
  ) -> ClientUpdate {
    let work = ClientWork(client: client, base: version, change: change, steps: 1)
    return ClientUpdate(work, sent: change, weight: weight)
  }

  private func begin(_ tiers: inout some TieredAlgorithm, edges: Int) {
    for edge in 0..<edges {
      tiers.sendDown(to: edge)
      tiers.adopt(at: edge)
    }
  }

  private func end(_ tiers: inout some TieredAlgorithm, edges: Int) {
    for edge in 0..<edges {
      tiers.sendUp(from: edge)
      tiers.receive(from: edge, staleness: 0)
    }
    tiers.makeVersion()
  }

  @Test func `edges' means weighted by samples are the mean of all clients`() {
    var (tiers, flat) = (tiers(3), averaging())
    begin(&tiers, edges: 3)
    for client in 0..<12 {
      let change = Self.numbers(1 + client, scale: 0.1)
      let weight = Double(1 + client * client)
      flat.receive(update(of: client, from: flat.version, change, weight: weight))
      let edge = client % 3
      tiers.receive(
        update(of: client, from: tiers.version(at: edge), change, weight: weight), at: edge)
    }
    flat.makeVersion()
    for edge in 0..<3 { tiers.makeVersion(at: edge) }
    end(&tiers, edges: 3)
    #expect(tiers.version.number == 1)
    for (one, other) in zip(flat.version.parameters, tiers.version.parameters) {
      #expect(abs(one - other) < 2e-6)
    }
  }

  /// The reference is HierFAVG's equations (Liu et al., section II) in double precision: w_l of two rounds at each
  /// edge, then w = sum_l n_l w_l / sum_l n_l.
  @Test func `several rounds of each edge are those of HierFAVG`() {
    var tiers = tiers(2)
    begin(&tiers, edges: 2)
    var expected = [Double](repeating: 0, count: Self.count)
    var total = 0.0
    for edge in 0..<2 {
      var (model, samples) = (Self.start.map(Double.init), 0.0)
      for round in 0..<2 {
        var (mean, weights) = ([Double](repeating: 0, count: Self.count), 0.0)
        for client in 0..<3 {
          // Depends on the model that it starts from, as training does.
          let version = tiers.version(at: edge)
          let pull = Self.numbers(100 * edge + 10 * round + client)
          let change = zip(version.parameters, pull).map { 0.3 * ($1 - $0) }
          let weight = Double(1 + 2 * client + 5 * edge)
          tiers.receive(update(of: client, from: version, change, weight: weight), at: edge)
          for index in 0..<Self.count {
            mean[index] += weight * (model[index] + 0.3 * (Double(pull[index]) - model[index]))
          }
          weights += weight
        }
        tiers.makeVersion(at: edge)
        model = mean.map { $0 / weights }
        samples += weights
      }
      for index in 0..<Self.count { expected[index] += samples * model[index] }
      total += samples
    }
    end(&tiers, edges: 2)
    for (number, sum) in zip(tiers.version.parameters, expected) {
      #expect(abs(Double(number) - sum / total) < 2e-6)
    }
  }

  @Test func `one edge's version is the cloud's to the bit, however large its change`() {
    for scale in [1e-7, 1e-3, 1, 1e4] as [Float] {
      var (tiers, flat) = (tiers(1), averaging())
      for round in 0..<4 {
        begin(&tiers, edges: 1)
        for client in 0..<3 {
          let change = Self.numbers(10 * round + client + 1, scale: scale)
          let weight = Double(3 + client)
          flat.receive(update(of: client, from: flat.version, change, weight: weight))
          tiers.receive(
            update(of: client, from: tiers.version(at: 0), change, weight: weight), at: 0)
        }
        flat.makeVersion()
        tiers.makeVersion(at: 0)
        end(&tiers, edges: 1)
        #expect(tiers.version == flat.version, "scale \(scale)")
      }
    }
  }

  @Test func `different parameters have different numbers, and the same have the same`() {
    var tiers = tiers(2)
    begin(&tiers, edges: 2)
    #expect(tiers.version(at: 0) == tiers.version && tiers.version(at: 1) == tiers.version)
    var known: [Int: [Float]] = [0: Self.start]
    for round in 0..<3 {
      for edge in 0..<2 {
        let change = Self.numbers(10 * round + edge + 1)
        tiers.receive(update(of: edge, from: tiers.version(at: edge), change, weight: 1), at: edge)
        tiers.makeVersion(at: edge)
        let version = tiers.version(at: edge)
        #expect(known.updateValue(version.parameters, forKey: version.number) == nil)
      }
    }
  }

  @Test
  func `updates that arrive while their edge's version is being sent are added to the cloud's`() {
    var tiers = tiers(1)
    begin(&tiers, edges: 1)
    func add(_ step: Float) {
      let change = [Float](repeating: step, count: Self.count)
      tiers.receive(update(of: 0, from: tiers.version(at: 0), change, weight: 2), at: 0)
      tiers.makeVersion(at: 0)
    }
    add(0.25)
    tiers.sendUp(from: 0)
    add(0.5)
    tiers.receive(from: 0, staleness: 0)
    tiers.makeVersion()
    tiers.sendDown(to: 0)
    add(1)
    tiers.adopt(at: 0)
    for (index, number) in tiers.version(at: 0).parameters.enumerated() {
      #expect(abs(number - (Self.start[index] + 1.75)) < 1e-5)
    }
    #expect(tiers.version(at: 0).number < 0, "its parameters are not the cloud's")
    // Nothing is sent twice.
    tiers.sendUp(from: 0)
    tiers.receive(from: 0, staleness: 0)
    tiers.makeVersion()
    for (index, number) in tiers.version.parameters.enumerated() {
      #expect(abs(number - (Self.start[index] + 1.75)) < 1e-5)
    }
  }

  @Test func `a failing edge sends nothing`() {
    var tiers = tiers(2)
    begin(&tiers, edges: 2)
    for edge in 0..<2 {
      let change = [Float](repeating: edge == 0 ? 1 : 100, count: Self.count)
      tiers.receive(update(of: edge, from: tiers.version(at: edge), change, weight: 1), at: edge)
      if edge == 0 { tiers.makeVersion(at: edge) }
    }
    tiers.lose(at: 1)
    tiers.sendUp(from: 0)
    tiers.receive(from: 0, staleness: 0)
    tiers.makeVersion()
    let first = zip(Self.start, [Float](repeating: 1, count: Self.count)).map { $0 + $1 }
    #expect(tiers.version.parameters == first)
    // It begins anew from the cloud's version.
    begin(&tiers, edges: 2)
    tiers.makeVersion(at: 1)
    #expect(tiers.version(at: 1).parameters == first)
  }
}
