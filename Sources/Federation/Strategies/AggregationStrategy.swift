import Tensors

/// How the server aggregates the changes of a round's clients: their mean, followed by a step of
/// the server optimizer.
public struct AggregationStrategy: Sendable, Codable, Equatable {
  private var optimizer: ServerOptimizer
  private var mean: ClientMean

  /// - Parameters:
  ///   - optimizer: the server optimizer, applied to the mean change.
  ///   - privacy: nil for a plain mean with the updates' weights.
  public init(_ optimizer: ServerOptimizer = .fedAvg(FedAvg()), privacy: PrivateMean? = nil) {
    self.optimizer = optimizer
    mean = privacy.map(ClientMean.private) ?? .weighted(WeightedMean())
  }

  /// Adds a change, in order of arrival; it can be freed afterwards.
  ///
  /// - Parameters:
  ///   - change: the client's parameters minus the initial ones, decoded.
  ///   - weight: its unnormalised weight in the mean, such as its samples, or those times a
  ///     `StalenessWeight`; ignored with privacy, which needs equal weights.
  public mutating func accumulate(_ change: [Float], weight: Double) {
    accumulate(.here(change), weight: weight)
  }

  /// The same for a change that may be stored elsewhere, where it stays if `onlyAddsChanges`.
  package mutating func accumulate(_ change: StoredVector, weight: Double) {
    switch mean {
    case .weighted(var mean):
      self.mean = .weighted(WeightedMean())
      mean.add(change, weight: weight)
      self.mean = .weighted(mean)
    case .private(var mean):
      mean.add(change.elements)
      self.mean = .private(mean)
    }
  }

  /// Whether the changes' weighted sum is sufficient.
  package var onlyAddsChanges: Bool {
    if case .weighted = mean { true } else { false }
  }

  /// The next version of the parameters. Without changes since the last one, it is the same
  /// version, plus noise if there is privacy.
  public mutating func finish(_ version: [Float]) -> [Float] {
    let change: [Float]?
    switch mean {
    case .weighted(var mean):
      change = mean.take()
      self.mean = .weighted(mean)
    case .private(var mean):
      change = mean.take(count: version.count)
      self.mean = .private(mean)
    }
    guard let change else { return version }
    return optimizer.step(version, along: change)
  }

  private enum ClientMean: Sendable, Codable, Equatable {
    case weighted(WeightedMean)
    case `private`(PrivateMean)
  }
}
