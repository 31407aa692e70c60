/// What the server knows about a task whose update it has received.
public struct TaskReport: Sendable, Codable, Equatable {
  public let client: Int
  public let round: Int
  public let samples: Int
  /// From the selection to the arrival of the update.
  public let seconds: Double
  /// The mean training loss over samples.
  public let loss: Double
  /// The mean squared training loss over samples; if only means are known, the squared mean, which
  /// is a lower bound.
  public let squaredLoss: Double

  public init(
    client: Int, round: Int, samples: Int, seconds: Double, loss: Double, squaredLoss: Double
  ) {
    self.client = client
    self.round = round
    self.samples = samples
    self.seconds = seconds
    self.loss = loss
    self.squaredLoss = squaredLoss
  }
}
