/// Any server optimizer with its state, as one Codable value.
public enum ServerOptimizer: ServerStep {
  case fedAvg(FedAvg)
  case fedAvgM(FedAvgM)
  case fedAdagrad(FedAdagrad)
  case fedAdam(FedAdam)
  case fedYogi(FedYogi)

  public mutating func step(_ version: [Float], along change: [Float]) -> [Float] {
    switch self {
    case .fedAvg(let optimizer):
      return optimizer.step(version, along: change)
    case .fedAvgM(var optimizer):
      defer { self = .fedAvgM(optimizer) }
      return optimizer.step(version, along: change)
    case .fedAdagrad(var optimizer):
      defer { self = .fedAdagrad(optimizer) }
      return optimizer.step(version, along: change)
    case .fedAdam(var optimizer):
      defer { self = .fedAdam(optimizer) }
      return optimizer.step(version, along: change)
    case .fedYogi(var optimizer):
      defer { self = .fedYogi(optimizer) }
      return optimizer.step(version, along: change)
    }
  }
}
