import Adaptation
import Tensors

/// Control variates against client drift (SCAFFOLD: Karimireddy et al., arXiv 1910.06378, Algorithm
/// 1).
///
/// A client that took K steps of size l from x to y with gradients corrected by c - c_i sends
/// dy = y - x and dc = c_i' - c_i, with option II's c_i' = c_i - c + (x - y) / (K l). From a cohort
/// S of N clients the server computes x += eta mean(dy) and c += sum(dc) / N, both unweighted. A
/// client's c_i changes by the dc that the server received, so that c stays the mean of all c_i
/// even with a lossy codec or a lost upload. Down: x and c; up: dy and dc. A client holds x, c and
/// c_i in addition to its training.
package struct Scaffold: FederatedAlgorithm {
  package static let requirements = Requirements {
    $0.needs[.rounds] = "scaffold's control variates are updated once per round"
    $0.needs[.gradientSteps] = "scaffold's control variates are means of gradients"
    $0.needs[.directUpdates] = "scaffold's server updates its control variate with each client's"
    $0.rulesOut[.singleVector] = Requirements.Obstacle(
      reason: "scaffold sends two vectors", suggestion: "choose another strategy")
  }

  package private(set) var version: ServerVersion
  private let count: Int
  /// eta.
  private let learningRate: Float
  /// l.
  private let clientLearningRate: Float
  /// N.
  private let clients: Int
  /// c_i of clients that have one; zero for the others.
  private var controls: [Int: [Float]] = [:]
  private var changes = WeightedMean()
  private var controlChanges = WeightedMean()

  /// - Parameters:
  ///   - parameters: of version 0; empty in a timing-only run.
  ///   - count: the number of the method's parameters.
  ///   - clients: N.
  ///   - learningRate: eta, the server's.
  ///   - clientLearningRate: l.
  package init(
    parameters: [Float], count: Int, clients: Int, learningRate: Float = 1,
    clientLearningRate: Float
  ) {
    precondition(clients > 0, "a federation has clients")
    version = ServerVersion(parameters: parameters)
    version.control = [Float](repeating: 0, count: parameters.count)
    self.count = count
    self.clients = clients
    self.learningRate = learningRate
    self.clientLearningRate = clientLearningRate
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { 2 * count }
  package func numbersUp(_ part: TrainedPart?) -> Int { 2 * count }

  package var clientMemory: ClientMemory { ClientMemory(holdsStart: true, vectors: 2) }

  /// c_i.
  package func control(of client: Int) -> [Float] {
    controls[client] ?? [Float](repeating: 0, count: version.control.count)
  }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? {
    let own = controls[client]
    return GradientCorrection(
      drift: own.map { LongVectors.sum(version.control, -1, times: $0) } ?? version.control)
  }

  package func message(_ work: ClientWork) -> [Float] {
    work.change + LongVectors.sum(nextControl(work), -1, times: control(of: work.client))
  }

  /// c_i'.
  private func nextControl(_ work: ClientWork) -> [Float] {
    let (own, control) = (control(of: work.client), work.base.control)
    let (factor, change) = (1 / (Float(work.steps) * clientLearningRate), work.change)
    return LongVectors.make(own.count) { range, next in
      for index in range {
        (next + index).initialize(to: own[index] - control[index] - factor * change[index])
      }
    }
  }

  package mutating func receive(_ update: ClientUpdate) {
    let (change, controlChange) = (
      Array(update.received[..<version.parameters.count]),
      Array(update.received[version.parameters.count...])
    )
    changes.add(change, weight: 1)
    controlChanges.add(controlChange, weight: 1)
    // If the encoding is lossless, c_i' itself, which the sum equals up to rounding.
    controls[update.client] =
      update.received == update.sent
      ? nextControl(update.work)
      : LongVectors.sum(control(of: update.client), 1, times: controlChange)
  }

  package mutating func makeVersion() {
    guard let change = changes.take() else {
      version = version.next(version.parameters)
      return
    }
    let controlChange = controlChanges.takeSum(dividedBy: Double(clients))
    let control = LongVectors.sum(version.control, 1, times: controlChange)
    version = version.next(LongVectors.sum(version.parameters, learningRate, times: change))
    version.control = control
  }
}
