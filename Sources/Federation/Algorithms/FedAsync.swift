import Adaptation
import Tensors

/// Asynchronous federated optimization (Xie et al., arXiv 1903.03934, Algorithm 1).
///
/// Each update creates a version: x = (1 - alpha_s) x + alpha_s x_client with alpha_s = alpha w(s),
/// where s is the update's staleness; the paper does not weight updates by samples. With alpha = 1
/// and a single client that is never late, x is x_client: plain training. Down and up: all of the
/// method's parameters.
package struct FedAsync: FederatedAlgorithm {
  package static let requirements = Requirements {
    $0.needs[.individualUpdates] = "fedasync weights each update by its staleness"
  }

  package static let sendsChange = true

  package private(set) var version: ServerVersion
  private let count: Int
  /// alpha, above 0 and at most 1.
  private let mixing: Float
  /// w.
  private let staleness: StalenessWeight
  /// x including the updates since the last version.
  private var mixed: [Float]?

  /// - Parameters:
  ///   - parameters: of version 0; empty in a timing-only run.
  ///   - count: the number of the method's parameters.
  package init(
    parameters: [Float], count: Int, mixing: Float = 0.6,
    staleness: StalenessWeight = .polynomial(exponent: 0.5)
  ) {
    precondition(mixing > 0 && mixing <= 1, "a mean of two models has shares from 0 to 1")
    version = ServerVersion(parameters: parameters)
    self.count = count
    self.mixing = mixing
    self.staleness = staleness
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { count }
  package func numbersUp(_ part: TrainedPart?) -> Int { count }

  package mutating func receive(_ update: ClientUpdate) {
    let share = mixing * Float(staleness.weight(staleness: update.staleness))
    let current = mixed ?? version.parameters
    let (base, change) = (update.base.parameters, update.received)
    mixed = LongVectors.make(current.count) { range, mixed in
      for index in range {
        (mixed + index).initialize(
          to: (1 - share) * current[index] + share * (base[index] + change[index]))
      }
    }
  }

  package mutating func makeVersion() {
    version = version.next(mixed ?? version.parameters)
    mixed = nil
  }
}
