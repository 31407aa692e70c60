import Adaptation
import Federation
import Tensors

/// Where clients are trained and versions are tested.
///
/// A result is a function of the job alone, independent of the backend, the machine and the time.
package protocol TrainingBackend: AnyObject {
  /// The best number of groups of clients to train together, for `clients` with the same version. It
  /// changes no result.
  ///
  /// - Complexity: that of creating a trainer for a new version.
  func groupCount(_ model: ClientModel, _ techniques: TrainingTechniques, clients: Int) -> Int

  /// Starts a job.
  func submit(_ job: TrainingJob) -> PendingResult<[TrainingResult]>

  /// Tests models on the same samples, with the method's own techniques, and sums their scores.
  ///
  /// - Parameter progress: called with the number of classified images and their total.
  func test(
    _ models: [ClientModel], samples: [Int], progress: (_ done: Int, _ count: Int) -> Void
  ) -> Evaluator.Score

  /// Tests each client on its own samples.
  ///
  /// A client's score depends only on its own test, not on the others that are tested together.
  ///
  /// - Parameter progress: called with the number of clients tested so far, in order.
  /// - Returns: a score for each test, in order.
  func test(_ clients: [ClientTest], progress: (_ done: Int) -> Void) -> [Evaluator.Score]
}
