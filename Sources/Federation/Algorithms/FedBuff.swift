import Adaptation

/// Buffered asynchronous aggregation (Nguyen et al., arXiv 2106.06639, Algorithm 1).
///
/// d = sum_k n_k w(s_k) d_k / sum_k n_k over the K updates of a version, followed by a step of the
/// server optimizer along d. In the paper all n_k are equal, so that d is the sum divided by K: a
/// stale update makes the whole step smaller rather than the others' shares larger. With K = 1, a
/// server learning rate of 1 and a single client that is never late, the version is the client's
/// model: plain training. Down and up: all of the method's parameters.
package struct FedBuff: EdgeAlgorithm {
  package static let requirements = Requirements {
    $0.needs[.individualUpdates] = "fedbuff weights each update by its staleness"
  }

  package static let sendsChange = true

  package private(set) var version: ServerVersion
  private let count: Int
  /// w.
  private let staleness: StalenessWeight
  private var optimizer: ServerOptimizer
  private var buffer = WeightedMean()
  /// sum_k n_k.
  private var weight = 0.0

  /// - Parameters:
  ///   - parameters: of version 0; empty in a timing-only run.
  ///   - count: the number of the method's parameters.
  package init(
    parameters: [Float], count: Int, optimizer: ServerOptimizer = .fedAvg(FedAvg()),
    staleness: StalenessWeight = .inverseSquareRoot
  ) {
    version = ServerVersion(parameters: parameters)
    self.count = count
    self.optimizer = optimizer
    self.staleness = staleness
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { count }
  package func numbersUp(_ part: TrainedPart?) -> Int { count }

  package var onlyAddsChanges: Bool { true }

  package mutating func receive(_ update: ClientUpdate) {
    buffer.add(
      update.storedReceived, weight: update.weight * staleness.weight(staleness: update.staleness))
    weight += update.weight
  }

  package mutating func makeVersion() {
    guard weight > 0 else {
      version = version.next(version.parameters)
      return
    }
    let change = buffer.takeSum(dividedBy: weight)
    weight = 0
    version = version.next(optimizer.step(version.parameters, along: change))
  }

  package mutating func adopt(_ version: ServerVersion) { self.version = version }
}
