import Foundation
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Both losses and their gradients compared with naive double-precision versions.
struct LossTests {
  @Test(arguments: [
    [0], [1, 0], [0, 0, 0, 0], [0, 1, 2, 3, 4], [2, 0, 1, 1, 2, 2, 0], [0, 0, 0, 0, 0, 1],
  ])
  func `the contrastive loss over class counts equals that of the square matrix`(targets: [Int]) {
    let classes = targets.max()! + 1
    let logits = randomNumbers(targets.count * classes, seed: 1, scale: 5)
    let (loss, gradient) = run(.contrastive, logits, targets)
    let naive = NaiveContrastiveLoss(logits.map(Double.init), classes: classes, targets)
    #expect(abs(loss - naive.loss) < 2e-6 * max(1, naive.loss))
    // The gradient of a class's logit is the sum over the equal columns that it represents.
    #expect(relativeError(gradient, naive.gradient, scale: 1) < 1e-6)
  }

  @Test(arguments: [[0], [1, 0], [2, 2, 2], [2, 0, 1, 1, 2, 2, 0]])
  func `the classification loss is the mean cross-entropy of the images`(targets: [Int]) {
    let classes = 4
    let logits = randomNumbers(targets.count * classes, seed: 2, scale: 5)
    let (loss, gradient) = run(.classification, logits, targets)
    var expectedLoss = 0.0
    var expected: [Double] = []
    for (row, target) in zip(doubleRows(logits, columns: classes), targets) {
      let p = softmax(row)
      expectedLoss -= log(p[target]) / Double(targets.count)
      expected += p.indices.map { (p[$0] - ($0 == target ? 1 : 0)) / Double(targets.count) }
    }
    #expect(abs(loss - expectedLoss) < 2e-6 * max(1, expectedLoss))
    #expect(relativeError(gradient, expected, scale: 1) < 1e-6)
  }

  @Test(arguments: Loss.allCases)
  func `a trained logit scale is traced without touching its address`(loss: Loss) {
    let context = ComputeContext(computes: false)
    let (z, t) = (context.matrix(4, 8), context.matrix(3, 8))
    let similarity = SimilarityLoss(
      loss, logitScale: 2, logitScaleGradient: ComputeContext.untouched)
    _ = similarity.backward(
      z.view, t.view, targets: [0, 1, 2, 0], dz: nil, dt: nil, context)
    #expect(context.matrixProductFLOPs == 2 * 4 * 3 * 8)
  }

  @Test(arguments: Loss.allCases)
  func `logits above a hundred do not overflow in either direction`(loss: Loss) {
    let (value, gradient) = run(loss, [300, -300, -300, 300], [0, 1])
    #expect(value == 0)
    #expect(gradient == [0, 0, 0, 0])
    let (wrong, slopes) = run(loss, [-300, 300, 300, -300], [0, 1])
    #expect(wrong == 600)
    #expect(slopes == [-0.5, 0.5, 0.5, -0.5])
  }

  @Test func `a prompt without an image in the batch does not contribute to the contrastive loss`()
  {
    let (loss, gradient) = run(.contrastive, [1, 2, 200, 3, 4, -200], [0, 1])
    let (alone, expected) = run(.contrastive, [1, 2, 3, 4], [0, 1])
    #expect(loss == alone)
    #expect(gradient == [expected[0], expected[1], 0, expected[2], expected[3], 0])
  }

  @Test func `the contrastive loss requires each class once, the classification loss all`() {
    #expect(Loss.contrastive.promptClasses(labels: [3, 1, 3, 0], count: 5) == [0, 1, 3])
    #expect(Loss.classification.promptClasses(labels: [3, 1], count: 5) == [0, 1, 2, 3, 4])
  }

  private func run(_ loss: Loss, _ logits: [Float], _ targets: [Int]) -> (Double, [Float]) {
    let context = ComputeContext()
    let matrix = context.matrix(
      targets.count, logits.count / targets.count, copying: logits)
    let value = loss.backward(matrix, targets: targets.map(Int32.init), context)
    return (value, matrix.elements)
  }
}

/// CLIP's loss with one column per image: the mean of the cross-entropies of rows and columns.
private struct NaiveContrastiveLoss {
  let loss: Double
  /// The gradient of the logits by class: for each image and class, the sum over the class's columns.
  let gradient: [Double]

  init(_ logits: [Double], classes: Int, _ targets: [Int]) {
    let size = targets.count
    func logit(_ row: Int, _ column: Int) -> Double { logits[row * classes + targets[column]] }
    let rows = (0..<size).map { row in softmax((0..<size).map { logit(row, $0) }) }
    let columns = (0..<size).map { column in softmax((0..<size).map { logit($0, column) }) }
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: logits.count)
    for row in 0..<size {
      loss -= (log(rows[row][row]) + log(columns[row][row])) / Double(2 * size)
      for column in 0..<size {
        gradient[row * classes + targets[column]] +=
          (rows[row][column] + columns[column][row] - (row == column ? 2 : 0)) / Double(2 * size)
      }
    }
    self.loss = loss
    self.gradient = gradient
  }
}

private func softmax(_ scores: [Double]) -> [Double] {
  let largest = scores.max()!
  let exponentials = scores.map { exp($0 - largest) }
  return exponentials.map { $0 / exponentials.reduce(0, +) }
}

private func doubleRows(_ numbers: [Float], columns: Int) -> [[Double]] {
  stride(from: 0, to: numbers.count, by: columns).map {
    numbers[$0..<($0 + columns)].map(Double.init)
  }
}
