import Foundation
import Randomness
import Testing

@testable import Federation

/// The consistency of SCAFFOLD's server and clients if updates are compressed or lost.
struct ControlVariateTests {
  private static let count = 40
  private static let clients = 7

  /// Rounds of random cohorts whose messages pass through a codec; some are lost.
  private func rounds(
    _ codec: PayloadCodec, hasErrorFeedback: Bool = false, losing losses: Double = 0,
    count rounds: Int, check: (Scaffold) -> Void = { _ in }
  ) throws -> Scaffold {
    var random = RandomStream(seed: 3, purpose: "control variates")
    let transport = UpdateTransport(codec, hasErrorFeedback: hasErrorFeedback)
    var residuals = [ErrorFeedback](repeating: ErrorFeedback(), count: Self.clients)
    var algorithm = Scaffold(
      parameters: (0..<Self.count).map { _ in Float(random.normal()) }, count: Self.count,
      clients: Self.clients, learningRate: 0.7, clientLearningRate: 0.05)
    for _ in 0..<rounds {
      for client in random.sample(3, from: Self.clients) {
        let work = ClientWork(
          client: client, base: algorithm.version,
          change: (0..<Self.count).map { _ in Float(0.1 * random.normal()) },
          steps: 1 + random.integer(below: 5))
        let sent = algorithm.message(work)
        let before = algorithm.control(of: client)
        if random.uniform() < losses {
          #expect(algorithm.control(of: client) == before)
          continue
        }
        let received = try transport.carried(sent, residual: &residuals[client], using: &random)
        algorithm.receive(ClientUpdate(work, sent: sent, received: received))
        let after = algorithm.control(of: client)
        for index in 0..<Self.count {
          #expect(abs(after[index] - (before[index] + received[Self.count + index])) < 1e-5)
        }
      }
      algorithm.makeVersion()
      check(algorithm)
    }
    return algorithm
  }

  /// The largest difference between c and the mean of all c_i, and the largest c_i.
  private func difference(_ algorithm: Scaffold) -> (difference: Double, largest: Double) {
    var (difference, largest) = (0.0, 0.0)
    for index in 0..<Self.count {
      let own = (0..<Self.clients).map { Double(algorithm.control(of: $0)[index]) }
      let mean = own.reduce(0, +) / Double(Self.clients)
      difference = max(difference, abs(Double(algorithm.version.control[index]) - mean))
      largest = max(largest, own.map { abs($0) }.max()!)
    }
    return (difference, largest)
  }

  @Test(arguments: [PayloadCodec.float32, .int8, .float16, .sign])
  func `the server's control variate stays the mean of all clients'`(codec: PayloadCodec) throws {
    _ = try rounds(codec, losing: 0.3, count: 12) { algorithm in
      let (difference, largest) = difference(algorithm)
      #expect(largest > 0.1 && difference < 3e-6 * largest, "\(algorithm.version.number)")
    }
  }

  @Test func `it stays the mean of all clients' with error feedback`() throws {
    _ = try rounds(.sign, hasErrorFeedback: true, losing: 0.3, count: 12) { algorithm in
      let (difference, largest) = difference(algorithm)
      #expect(difference < 3e-6 * largest)
    }
  }

  @Test func `a client whose upload is lost keeps its control variate`() {
    var algorithm = Scaffold(
      parameters: [0, 0], count: 2, clients: 4, clientLearningRate: 0.5)
    let first = ClientWork(client: 2, base: algorithm.version, change: [-2, 1], steps: 2)
    algorithm.receive(ClientUpdate(first, sent: algorithm.message(first)))
    algorithm.makeVersion()
    // c_i = -(x' - x) / (K l) = -change.
    #expect(algorithm.control(of: 2) == [2, -1] && algorithm.version.control == [0.5, -0.25])
    let second = ClientWork(client: 2, base: algorithm.version, change: [1, 1], steps: 2)
    let message = algorithm.message(second)
    algorithm.keep(second)
    #expect(algorithm.control(of: 2) == [2, -1])
    algorithm.makeVersion()
    #expect(algorithm.version.control == [0.5, -0.25] && algorithm.control(of: 2) == [2, -1])
    // Its next update is relative to its old state: c_i' - c_i = -c - change, with c = (0.5, -0.25).
    #expect(message == [1, 1, -1.5, -0.75])
    #expect(algorithm.message(second) == message)
  }

  @Test func `with rounding in transit a client changes by what the server decoded`() {
    var algorithm = Scaffold(parameters: [0], count: 1, clients: 2, clientLearningRate: 1)
    let work = ClientWork(client: 0, base: algorithm.version, change: [-3], steps: 1)
    #expect(algorithm.message(work) == [-3, 3])
    algorithm.receive(ClientUpdate(work, sent: [-3, 3], received: [-2.5, 4]))
    algorithm.makeVersion()
    #expect(algorithm.version.parameters == [-2.5])
    #expect(algorithm.control(of: 0) == [4] && algorithm.version.control == [2])
  }
}
