/// How far pretraining has come.
public struct PretrainingProgress: Sendable {
  /// Steps done.
  public let step: Int
  /// The batch's loss before the step.
  public let loss: Double
  public let learningRate: Double
  /// What cosines were multiplied by.
  public let logitScale: Double
  /// What was measured after the step; nil where nothing was.
  public let score: BaseScore?
}
