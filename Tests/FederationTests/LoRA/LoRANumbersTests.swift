import Adaptation
import Testing

@testable import Federation

/// The numbers sent and received, from the papers' tables.
struct LoRANumbersTests {
  private static let shape = LoRAShape(
    layers: [.init(inputs: 30, outputs: 20), .init(inputs: 10, outputs: 40)], scaling: .plain)
  private static let size = LoRASize(rank: 2, alpha: 1)
  private static let both = 2 * (30 + 20 + 10 + 40)

  /// An algorithm after a number of rounds, each with clients of the given ranks.
  private static func algorithm(
    _ rule: LoRARule, after rounds: [[Int]]
  ) throws -> any LoRAAlgorithm {
    let tiny = try LoRAFederation(rule, rank: 2).algorithm
    let count = rule == .fedSB ? shape.count(of: .core, rank: 2) : both
    var algorithm: any LoRAAlgorithm = try tiny.on(
      LoRADimensions(shape, size), parameters: .init(repeating: 0, count: count))
    for ranks in rounds {
      for rank in ranks {
        let part = TrainedPart(size: LoRASize(rank: rank, alpha: 1), part: .both)
        let work = ClientWork(
          client: 0, base: algorithm.version, part: part,
          change: .init(repeating: 0, count: shape.count(of: .both, rank: rank)))
        algorithm.receive(ClientUpdate(work, sent: algorithm.message(work)))
      }
      algorithm.makeVersion()
    }
    return algorithm
  }

  private static func part(_ algorithm: any LoRAAlgorithm) -> TrainedPart {
    TrainedPart(size: size, part: algorithm.part(from: algorithm.version))
  }

  /// Checks both the predicted count and a client's actual message.
  private static func up(_ algorithm: any LoRAAlgorithm) -> Int {
    let part = part(algorithm)
    let change = [Float](repeating: 0, count: shape.count(of: part.part, rank: 2))
    let message = algorithm.message(
      ClientWork(client: 0, base: algorithm.version, part: part, change: change))
    #expect(message.count == algorithm.numbersUp(part))
    return message.count
  }

  private static func down(_ algorithm: any LoRAAlgorithm, last: Int?) -> Int {
    algorithm.numbersDown(part(algorithm), last: last)
  }

  @Test(
    arguments: [
      (LoRARule.average, both, both), (.ffa, 2 * 60, 2 * 60), (.fedsa, 2 * 40, 2 * 40),
      (.flexlora, both, both), (.hetlora, both, both), (.dylora, both, both), (.fedSB, 8, 8),
    ])
  func `rules without history send the same in every round`(
    rule: LoRARule, up: Int, down: Int
  ) throws {
    for rounds in [0, 1, 3] {
      let algorithm = try Self.algorithm(rule, after: .init(repeating: [], count: rounds))
      #expect(algorithm.version.number == rounds)
      #expect(Self.up(algorithm) == up)
      #expect(Self.down(algorithm, last: 0) == down)
      #expect(Self.down(algorithm, last: nil) == down)
    }
  }

  @Test func `alternating rounds send half, and the rest to clients that missed more`() throws {
    let (a, b) = (2 * 40, 2 * 60)
    let versions = try (0...3).map {
      try Self.algorithm(.rolora, after: .init(repeating: [], count: $0))
    }
    #expect(Self.up(versions[0]) == b)
    #expect(Self.up(versions[1]) == a)
    #expect(Self.down(versions[0], last: 0) == b)
    // A is trained from here, on the B that the last round trained.
    #expect(Self.down(versions[1], last: 0) == b)
    #expect(Self.down(versions[2], last: 1) == a)
    #expect(Self.down(versions[2], last: 0) == a + b)
    #expect(Self.down(versions[3], last: 0) == a + b)
    // A new client can generate version 0 from the seed.
    for version in versions {
      #expect(Self.down(version, last: nil) == Self.down(version, last: 0))
    }
  }

  @Test func `stacks and residuals cover the missed versions, at most the dense change`()
    throws
  {
    let stacking = try Self.algorithm(.stacking, after: [[2, 1], [2, 2], [2, 1, 2]])
    #expect(Self.up(stacking) == Self.both)
    #expect(Self.down(stacking, last: 3) == 0)
    #expect(Self.down(stacking, last: 2) == 5 * (50 + 50))
    // Rank 9 is dense in the second layer: 450 > 400 numbers.
    #expect(Self.down(stacking, last: 1) == 9 * 50 + 400)
    #expect(Self.down(stacking, last: 0) == 600 + 400)
    #expect(Self.down(stacking, last: nil) == 600 + 400)
    let fedex = try Self.algorithm(.fedex, after: [[2], [2, 2], [2, 2]])
    #expect(Self.up(fedex) == Self.both)
    #expect(Self.down(fedex, last: 3) == Self.both)
    #expect(Self.down(fedex, last: 2) == Self.both + 4 * (50 + 50))
    // Rank 8 is as long as the second layer's dense change.
    #expect(Self.down(fedex, last: 1) == Self.both + 8 * 50 + 400)
    #expect(Self.down(fedex, last: nil) == Self.both + 10 * 50 + 400)
  }

  @Test func `the numbers merged since a version are counted per layer`() {
    var history = MergeHistory()
    #expect(history.numbers(since: nil, Self.shape) == 0)
    for rank in [3, 4, 5] { history.append(rank: rank) }
    #expect(history.numbers(since: 3, Self.shape) == 0)
    #expect(history.numbers(since: 2, Self.shape) == 5 * (50 + 50))
    #expect(history.numbers(since: 1, Self.shape) == 9 * 50 + 400)
    #expect(history.numbers(since: nil, Self.shape) == 600 + 400)
  }

  @Test func `FLORA sends 24,576 numbers, and other rules their own counts`() {
    let layers = [LoRAShape.Layer](repeating: .init(inputs: 512, outputs: 512), count: 12)
    let shape = LoRAShape(layers: layers, scaling: .plain)
    #expect(shape.count(of: .both, rank: 2) == 24_576)
    #expect(shape.count(of: .a, rank: 2) == 12_288)
    #expect(shape.count(of: .b, rank: 2) == 12_288)
    #expect(shape.count(of: .core, rank: 2) == 48)
  }
}
