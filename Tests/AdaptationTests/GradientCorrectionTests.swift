import Tensors
import Testing

@testable import Adaptation

/// Clients with quadratic losses f_i(w) = h_i / 2 (w - a_i)^2, which have known solutions.
struct GradientCorrectionTests {
  private struct Client {
    let curvature: Float
    let minimum: Float
  }

  /// The result of `steps` gradient descent steps from `start`.
  private func train(
    _ client: Client, from start: Float, steps: Int, rate: Double,
    _ correction: GradientCorrection?
  ) -> Float {
    let context = ComputeContext()
    let optimizer = Optimizer(kind: .sgd, learningRate: rate, weightDecay: 0)
    let parameters = context.matrix(1, 1, copying: [start])
    let gradient = context.matrix(1, 1)
    var state = Optimizer.State(for: optimizer, parameters: 1, context)
    for _ in 0..<steps {
      gradient.base[0] = client.curvature * (parameters.base[0] - client.minimum)
      correction?.apply(to: gradient, at: parameters, start: [start])
      optimizer.step(parameters, gradient: gradient, &state, context)
    }
    return parameters.base[0]
  }

  @Test(arguments: [0, 0.5, 3] as [Float])
  func `FedProx ends between the client's minimum and its initial version`(mu: Float) {
    let client = Client(curvature: 2, minimum: 5)
    let end = train(
      client, from: 1, steps: 400, rate: 0.1, GradientCorrection(proximal: mu))
    // h (w - a) + mu (w - x) = 0.
    #expect(abs(end - (2 * 5 + mu * 1) / (2 + mu)) < 1e-5)
  }

  /// With many local steps and different curvatures, averaging's fixed point is not the minimum of the mean
  /// loss, (1 * 0 + 9 * 10) / 10 = 9; SCAFFOLD's is.
  @Test func `SCAFFOLD converges to the minimum that plain averaging misses`() {
    let clients = [Client(curvature: 1, minimum: 0), Client(curvature: 9, minimum: 10)]
    let (steps, rate) = (10, 0.05)
    func end(usingControls: Bool) -> Float {
      var x: Float = 0
      var c: Float = 0
      var own: [Float] = [0, 0]
      for _ in 0..<400 {
        let ends = clients.indices.map { index in
          train(
            clients[index], from: x, steps: steps, rate: rate,
            usingControls ? GradientCorrection(drift: [c - own[index]]) : nil)
        }
        let next = clients.indices.map {
          own[$0] - c + (x - ends[$0]) / Float(Double(steps) * rate)
        }
        x = (ends[0] + ends[1]) / 2
        if usingControls {
          c += (next[0] - own[0] + next[1] - own[1]) / 2
          own = next
        }
      }
      return x
    }
    #expect(abs(end(usingControls: true) - 9) < 1e-3)
    // Its fixed point: each client moves the fraction 1 - (1 - rate h)^10 towards its minimum.
    let parts = clients.map { client in
      1 - (0..<10).reduce(Float(1)) { part, _ in part * (1 - 0.05 * client.curvature) }
    }
    let biased = parts[1] * 10 / (parts[0] + parts[1])
    #expect(abs(end(usingControls: false) - biased) < 1e-3)
    #expect(abs(biased - 9) > 1)
  }
}
