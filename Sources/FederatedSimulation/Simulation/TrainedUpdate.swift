import Adaptation

/// What a client's training has brought, until the server has it.
struct TrainedUpdate: Codable, Sendable {
  /// The trained numbers less those that it started from.
  let delta: [Float]
  let steps: Int
  let meanLoss: Double

  init(_ result: ClientTrainer.Result) {
    delta = result.delta
    steps = result.steps
    meanLoss = result.meanLoss
  }
}
