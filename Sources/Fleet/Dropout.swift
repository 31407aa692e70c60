import Foundation
import Randomness

/// Decides which tasks are lost, and when.
///
/// The decision is a pure function of the seed, the task and the device. It knows nothing of the
/// method that runs, so all methods of a run lose the same devices in the same rounds, each after the
/// same fraction of its own duration. A higher probability loses the same tasks and others beside.
package struct Dropout: Hashable, Codable, Sendable {
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The moment at which a task is lost, or nil where it is not.
  ///
  /// - Parameters:
  ///   - task: the number of the round; where a device may have several tasks in a round, a number
  ///     that counts the device's tasks.
  ///   - device: the id of the device.
  ///   - probability: that the task is lost, from 0 to 1.
  package func moment(task: Int, device: Int, probability: Double) -> DropoutMoment? {
    var stream = RandomStream(seed: seed, purpose: "dropout", task, device)
    guard stream.uniform() < probability else { return nil }
    return DropoutMoment(fraction: stream.next())
  }

  /// The hazard that a task endures before its device is lost: exponential with mean 1.
  package func endurance(task: Int, device: Int) -> Double {
    var stream = RandomStream(seed: seed, purpose: "hazard", task, device)
    return -log(1 - stream.uniform())
  }
}
