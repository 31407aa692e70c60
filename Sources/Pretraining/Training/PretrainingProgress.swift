/// The progress of pretraining.
public struct PretrainingProgress: Sendable {
  /// The number of completed steps.
  public let step: Int
  /// The batch's loss before the step.
  public let loss: Double
  public let learningRate: Double
  /// The factor of the cosines.
  public let logitScale: Double
  /// The measurement after the step; nil if none was due.
  public let score: BaseScore?
}
