import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Gradients against differences of the loss itself.
struct FiniteDifferenceTests {
  @Test(arguments: TinyMethod.allCases, Loss.allCases)
  func `the loss changes along random directions as the gradient says`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let gradient = training.gradient(at: start, loss)
    // A softmax ignores what all keys share: k_proj.bias has no slope to compare.
    let entries = training.adapted.method.trainable.entries
      .filter { !$0.name.hasSuffix("k_proj.bias") }
    for (index, entry) in entries.enumerated() {
      // Random lengths in the gradient's signs, so that the slope stands out of float32's rounding.
      let lengths = randomNumbers(entry.count, seed: UInt64(index)).map(abs)
      let direction = zip(gradient[entry.range], lengths).map { $0 < 0 ? -$1 : $1 }
      let slope = zip(gradient[entry.range], direction).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      // A hundredth of loss up and down is 10,000 times its rounding.
      let step = 0.01 / slope
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
      // Richardson's extrapolation takes out the error of the second order.
      let expected = (4 * difference(step) - difference(2 * step)) / 3
      #expect(abs(slope - expected) < 1e-3 * expected, "\(entry.name)")
    }
  }
}
