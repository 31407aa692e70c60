import Foundation
import Tensors
import TestSupport
import Testing

@testable import Pretraining

struct LinearProbeTests {
  @Test func `a quadratic is minimised to its known minimum`() {
    // 1/2 sum of i (x_i - i)^2, whose minimum is x_i = i.
    let minimum = LimitedMemoryBFGS(tolerance: 1e-10).minimum(from: .init(repeating: 0, count: 20))
    {
      x in
      let terms = x.indices.map { (Double($0 + 1), x[$0] - Double($0 + 1)) }
      return (terms.reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 }, terms.map { $0.0 * $0.1 })
    }
    for (index, value) in minimum.enumerated() { #expect(abs(value - Double(index + 1)) < 1e-9) }
  }

  @Test func `Rosenbrock's function is minimised`() {
    let minimum = LimitedMemoryBFGS(iterations: 200, tolerance: 1e-9).minimum(from: [-1.2, 1]) {
      let (x, y) = ($0[0], $0[1])
      let bend = y - x * x
      return (
        (1 - x) * (1 - x) + 100 * bend * bend, [-2 * (1 - x) - 400 * x * bend, 200 * bend]
      )
    }
    #expect(abs(minimum[0] - 1) < 1e-6 && abs(minimum[1] - 1) < 1e-6)
  }

  @Test func `the gradient of the probe's loss vanishes at its weights`() {
    let (samples, width, classes, penalty) = (5000, 3, 4, 0.01)
    let features = randomNumbers(samples * width, seed: 8)
    let noise = randomNumbers(samples, seed: 9)
    let labels = (0..<samples).map { row in
      Int32(max(0, min(3, 2 + Int((features[row * width] * 1.5 + noise[row]).rounded()))))
    }
    let sample = LinearProbe.Sample(features: features, labels: labels, width: width)
    let pool = WorkerPool(workers: 2)
    let probe = LinearProbe(sample, classes: classes, penalty: penalty, on: pool)

    // The same loss, naively in double precision.
    var (means, deviations) = ([Double](repeating: 0, count: width), [Double]())
    for column in 0..<width {
      let values = (0..<samples).map { Double(features[$0 * width + column]) }
      means[column] = values.reduce(0, +) / Double(samples)
      deviations.append(
        (values.reduce(0) { $0 + $1 * $1 } / Double(samples) - means[column] * means[column])
          .squareRoot())
    }
    let weights = probe.weights.map(Double.init)
    var gradient = [Double](repeating: 0, count: weights.count)
    var correct = 0
    for row in 0..<samples {
      let x =
        (0..<width).map {
          (Double(features[row * width + $0]) - means[$0]) / deviations[$0]
        } + [1]
      let logits = (0..<classes).map { c in
        x.indices.reduce(0) { $0 + weights[c * (width + 1) + $1] * x[$1] }
      }
      let total = logits.reduce(0) { $0 + exp($1) }
      if logits.firstIndex(of: logits.max()!) == Int(labels[row]) { correct += 1 }
      for c in 0..<classes {
        let residual = exp(logits[c]) / total - (Int(labels[row]) == c ? 1 : 0)
        for (column, value) in x.enumerated() {
          gradient[c * (width + 1) + column] += residual * value / Double(samples)
        }
      }
    }
    for index in gradient.indices where index % (width + 1) != width {
      gradient[index] += penalty * weights[index]
    }
    #expect(gradient.allSatisfy { abs($0) < 3e-5 })
    #expect(probe.accuracy(sample, on: pool) == Double(correct) / Double(samples))
    #expect(Double(correct) / Double(samples) > 0.5)
  }
}
