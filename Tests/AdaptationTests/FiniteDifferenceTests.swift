import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Gradients compared with finite differences of the loss.
struct FiniteDifferenceTests {
  /// The step size in loss: thousands of times its rounding, but no larger than its
  /// curvature allows. Scores without a logit scale require large steps; a ReLU has kinks.
  private static func change(of method: TinyMethod) -> Double {
    switch method {
    case .classifier, .visionClassifier: 1e-3
    case .bottleneck: 3e-4
    default: 1e-2
    }
  }

  private static func hasConstantNorm(_ method: TinyMethod) -> Bool {
    method == .textDoRA || method == .doraOfBoth
  }

  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `the loss changes along random directions as the gradient predicts`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let gradient = training.gradient(at: start, loss)
    // Softmax is invariant to what all keys share: k_proj.bias has no slope to compare.
    let entries = training.adapted.method.trainable.entries
      .filter { !$0.name.hasSuffix("k_proj.bias") }
      // The gradient of DoRA's factors takes the weights' norms for constants, which they are not.
      .filter { !Self.hasConstantNorm(method) || $0.name.hasSuffix("magnitude_vector") }
    for (index, entry) in entries.enumerated() {
      // Random magnitudes with the gradient's signs, so that the slope exceeds float32 rounding.
      let lengths = randomNumbers(entry.count, seed: UInt64(index)).map(abs)
      let direction = zip(gradient[entry.range], lengths).map { $0 < 0 ? -$1 : $1 }
      let slope = zip(gradient[entry.range], direction).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      let step = Self.change(of: method) / slope
      func difference(_ step: Double) -> Double {
        let values = [step, -step].map { step in
          var moved = start
          for (place, length) in zip(entry.range, direction) {
            moved[place] += Float(step) * length
          }
          return training.loss(at: moved, loss)
        }
        return (values[0] - values[1]) / (2 * step)
      }
      // Richardson extrapolation removes the second-order error.
      let expected = (4 * difference(step) - difference(2 * step)) / 3
      #expect(abs(slope - expected) < 1e-3 * expected, "\(entry.name)")
    }
  }
}
