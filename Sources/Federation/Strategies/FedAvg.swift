import Tensors

/// Federated averaging: the version moves by the mean change.
///
/// x += eta d; with eta = 1 and sample counts as weights, x is the weighted mean of the clients'
/// models (McMahan et al., arXiv 1602.05629).
public struct FedAvg: ServerStep {
  public let learningRate: Float

  public init(learningRate: Float = 1) {
    self.learningRate = learningRate
  }

  public func step(_ version: [Float], along change: [Float]) -> [Float] {
    LongVectors.sum(version, learningRate, times: change)
  }
}
