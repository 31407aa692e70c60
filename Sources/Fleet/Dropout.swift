import Foundation
import Randomness

/// Decides which tasks their devices drop out of, and when.
///
/// The decision is a pure function of the seed, the task and the device, independent of the method.
/// In all methods of a run, the same devices therefore drop out in the same rounds, each after the
/// same fraction of its own duration. A higher probability only adds dropouts.
package struct Dropout: Hashable, Codable, Sendable {
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The moment at which the device drops out, or nil if it does not.
  ///
  /// - Parameters:
  ///   - task: the round number, or a counter of the device's tasks if a device can have several
  ///     tasks per round.
  ///   - device: the id of the device.
  ///   - probability: the probability of a dropout, from 0 to 1.
  package func moment(task: Int, device: Int, probability: Double) -> DropoutMoment? {
    var stream = RandomStream(seed: seed, purpose: "dropout", task, device)
    guard stream.uniform() < probability else { return nil }
    return DropoutMoment(fraction: stream.next())
  }

  /// The cumulative hazard at which the device drops out of the task: exponential with mean 1.
  package func endurance(task: Int, device: Int) -> Double {
    var stream = RandomStream(seed: seed, purpose: "hazard", task, device)
    return -log(1 - stream.uniform())
  }
}
