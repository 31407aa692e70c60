import Tensors

/// Federated averaging with momentum on the server.
///
/// v = beta v + d; x += eta v, from v = 0 (Hsu et al., arXiv 1909.06335, section 4.3).
public struct FedAvgM: ServerStep {
  public let learningRate: Float
  public let momentum: Float
  private var velocity: [Float] = []

  public init(learningRate: Float = 1, momentum: Float = 0.9) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  public mutating func step(_ version: [Float], along change: [Float]) -> [Float] {
    if velocity.isEmpty { velocity = [Float](repeating: 0, count: change.count) }
    LongVectors.update(&velocity) { [momentum] range, velocity in
      change.withUnsafeBufferPointer { change in
        for index in range { velocity[index] = momentum * velocity[index] + change[index] }
      }
    }
    return LongVectors.sum(version, learningRate, times: velocity)
  }
}
