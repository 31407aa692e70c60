import Adaptation

/// Federated averaging of any method, with an optional server optimizer and privacy.
///
/// d = sum_k n_k d_k / sum_k n_k over the clients of a round (McMahan et al., arXiv 1602.05629),
/// followed by a step of the server optimizer along d. Down and up: all of the method's parameters.
package struct FederatedAveraging: EdgeAlgorithm {
  package static let sendsChange = true

  package private(set) var version: ServerVersion
  private let count: Int
  private var strategy: AggregationStrategy

  /// - Parameters:
  ///   - parameters: of version 0; empty in a timing-only run.
  ///   - count: the number of the method's parameters.
  package init(parameters: [Float], count: Int, _ strategy: AggregationStrategy) {
    version = ServerVersion(parameters: parameters)
    self.count = count
    self.strategy = strategy
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { count }
  package func numbersUp(_ part: TrainedPart?) -> Int { count }

  package var onlyAddsChanges: Bool { strategy.onlyAddsChanges }

  package mutating func receive(_ update: ClientUpdate) {
    strategy.accumulate(update.storedReceived, weight: update.weight)
  }

  package mutating func makeVersion() {
    version = version.next(strategy.finish(version.parameters))
  }

  package mutating func adopt(_ version: ServerVersion) { self.version = version }
}
