import Adaptation
import Federation
import Tensors

/// Where clients are trained and versions are tested.
///
/// A result is a function of the job alone: which backend runs it, where and when, plays no part.
package protocol TrainingBackend: AnyObject {
  /// How many of so many clients of a version train best together.
  ///
  /// - Complexity: that of building a trainer where the version is new.
  func groupSize(_ model: ClientModel, _ techniques: TrainingTechniques, clients: Int) -> Int

  /// Begins a job.
  func submit(_ job: TrainingJob) -> PendingResult<[TrainingResult]>

  /// Tests models on the same samples, with the method's own techniques; the scores are added up.
  ///
  /// - Parameter progress: is told how many images of how many were classified.
  func test(
    _ models: [ClientModel], samples: [Int], progress: (_ done: Int, _ count: Int) -> Void
  ) -> Evaluator.Score

  /// Tests clients, each on samples of its own.
  ///
  /// A client's score depends on its own test alone, not on the others that are tested with it.
  ///
  /// - Parameter progress: is told how many of the first clients are tested.
  /// - Returns: a score for each test, in their order.
  func test(_ clients: [ClientTest], progress: (_ done: Int) -> Void) -> [Evaluator.Score]
}
