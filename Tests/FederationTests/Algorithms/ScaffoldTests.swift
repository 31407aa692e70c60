import Foundation
import Testing

@testable import Federation

struct ScaffoldTests {
  /// Delivers a client's update with the given changes of parameters and control variate.
  private func receive(
    _ change: [Float], controlChange: [Float], of client: Int, _ algorithm: inout Scaffold
  ) {
    let work = ClientWork(client: client, base: algorithm.version, change: change, steps: 1)
    algorithm.receive(
      ClientUpdate(work, sent: algorithm.message(work), received: change + controlChange))
  }

  @Test func `a round matches a calculation by hand`() throws {
    var algorithm = Scaffold(
      parameters: [1, 1], count: 2, clients: 8, learningRate: 0.5, clientLearningRate: 1)
    #expect(algorithm.version.control == [0, 0])
    receive([4, 0], controlChange: [8, -4], of: 3, &algorithm)
    var copy = try JSONDecoder().decode(Scaffold.self, from: JSONEncoder().encode(algorithm))
    receive([0, -2], controlChange: [0, 2], of: 5, &algorithm)
    receive([0, -2], controlChange: [0, 2], of: 5, &copy)
    // Half of (4, -2) / 2; (8, -2) / 8.
    algorithm.makeVersion()
    #expect(algorithm.version.number == 1)
    #expect(algorithm.version.parameters == [2, 0.5])
    #expect(algorithm.version.control == [1, -0.25])
    #expect(algorithm.control(of: 3) == [8, -4] && algorithm.control(of: 5) == [0, 2])
    copy.makeVersion()
    #expect(copy.version == algorithm.version)
    algorithm.makeVersion()
    #expect(algorithm.version.number == 2)
    #expect(algorithm.version.parameters == [2, 0.5])
    #expect(algorithm.version.control == [1, -0.25])
  }

  @Test func `a client's control variate is the corrected mean gradient of its steps`() {
    // c_i = (1, 2) and, of two clients, c = (0.5, 1).
    var algorithm = Scaffold(parameters: [0, 0], count: 2, clients: 2, clientLearningRate: 0.5)
    receive([0, 0], controlChange: [1, 2], of: 1, &algorithm)
    algorithm.makeVersion()
    #expect(algorithm.control(of: 1) == [1, 2] && algorithm.version.control == [0.5, 1])
    #expect(algorithm.correction(of: 1, from: algorithm.version)?.drift == [-0.5, -1])
    #expect(algorithm.correction(of: 0, from: algorithm.version)?.drift == [0.5, 1])
    // Two steps of 0.5 with mean gradients of 3 and -1, from which c_i - c has been subtracted.
    let work = ClientWork(client: 1, base: algorithm.version, change: [-3, 1], steps: 2)
    let message = algorithm.message(work)
    // (3.5, 0) - (1, 2) after the change.
    #expect(message == [-3, 1, 2.5, -2])
    algorithm.receive(ClientUpdate(work, sent: message))
    #expect(algorithm.control(of: 1) == [3.5, 0])
  }

  @Test func `control variates make drifting clients converge to the common optimum`() {
    // f_k = a_k (x - c_k)^2 / 2; the minimum of their mean is (1 * 0 + 9 * 1) / 10 = 0.9.
    let curvatures: [Float] = [1, 9]
    let optima: [Float] = [0, 1]
    func run(usesControl: Bool) -> Float {
      var algorithm = Scaffold(parameters: [3], count: 1, clients: 2, clientLearningRate: 0.05)
      for _ in 0..<200 {
        let version = algorithm.version
        for client in 0..<2 {
          var x = version.parameters[0]
          let drift = algorithm.correction(of: client, from: version)!.drift![0]
          for _ in 0..<10 {
            let correction = usesControl ? drift : 0
            x -= 0.05 * (curvatures[client] * (x - optima[client]) + correction)
          }
          let work = ClientWork(
            client: client, base: version, change: [x - version.parameters[0]], steps: 10)
          algorithm.receive(ClientUpdate(work, sent: algorithm.message(work)))
        }
        algorithm.makeVersion()
      }
      return algorithm.version.parameters[0]
    }
    #expect(abs(run(usesControl: true) - 0.9) < 1e-4)
    #expect(abs(run(usesControl: false) - 0.9) > 0.05)
  }
}
