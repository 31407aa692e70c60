import Adaptation
import Tensors

/// Logistic regression on frozen features, which measures their linear separability.
///
/// Features are standardised with the mean and deviation of the training samples. The loss is the
/// mean cross-entropy plus `penalty`/2 times the sum of squared weights without biases, minimised
/// to convergence with L-BFGS, as in Radford et al. (arXiv 2103.00020, section 3.2).
struct LinearProbe: Sendable {
  /// Both [width].
  private let means: [Float]
  private let reciprocalDeviations: [Float]
  /// [classes, width + 1], the bias last.
  let weights: [Float]
  private let classes: Int

  /// Features of samples, [samples, width], with their classes.
  struct Sample: Sendable {
    var features: [Float]
    var labels: [Int32]
    var width: Int

    var count: Int { labels.count }

    /// The samples at `indices`.
    func selecting(_ indices: Range<Int>) -> Sample {
      Sample(
        features: Array(features[indices.lowerBound * width..<indices.upperBound * width]),
        labels: Array(labels[indices]), width: width)
    }
  }

  /// Fits the weights.
  init(
    _ sample: Sample, classes: Int, penalty: Double, on pool: WorkerPool
  ) {
    let width = sample.width
    self.classes = classes
    let (means, reciprocals) = Self.moments(sample)
    self.means = means
    reciprocalDeviations = reciprocals
    let pieces = Self.pieces(sample, means, reciprocals)
    let columns = width + 1
    let solution = LimitedMemoryBFGS().minimum(
      from: .init(repeating: 0, count: classes * columns)
    ) { x in
      let weights = x.map(Float.init)
      let parts = pool.map(pieces) { piece, context in
        Self.loss(piece, weights, classes: classes, context)
      }
      let scale = 1 / Double(sample.count)
      var value = parts.reduce(0) { $0 + $1.loss } * scale
      var gradient = [Double](repeating: 0, count: x.count)
      for part in parts {
        for index in gradient.indices { gradient[index] += Double(part.gradient[index]) * scale }
      }
      for index in gradient.indices where index % columns != width {
        value += penalty / 2 * x[index] * x[index]
        gradient[index] += penalty * x[index]
      }
      return (value, gradient)
    }
    weights = solution.map(Float.init)
  }

  /// The share of samples whose own class has the largest logit.
  func accuracy(_ sample: Sample, on pool: WorkerPool) -> Double {
    let correct = pool.map(Self.pieces(sample, means, reciprocalDeviations)) {
      [weights, classes] piece, context in
      let logits = Self.logits(piece, weights, classes: classes, context)
      return zip(piece.labels, 0...).count { label, row in
        let values = UnsafeBufferPointer(start: logits.base + row * classes, count: classes)
        return values.firstIndex(of: values.max()!) == Int(label)
      }
    }
    return Double(correct.reduce(0, +)) / Double(sample.count)
  }

  /// The sums of the cross-entropies and of their gradients over a piece.
  private static func loss(
    _ piece: Sample, _ weights: [Float], classes: Int, _ context: ComputeContext
  ) -> (loss: Double, gradient: [Float]) {
    let logits = logits(piece, weights, classes: classes, context)
    let mean = Loss.classification.backward(logits, targets: piece.labels, context)
    let gradient = context.matrix(classes, piece.width)
    piece.features.withUnsafeBufferPointer { features in
      let x = MatrixView(
        reading: features.baseAddress!, rows: piece.count, columns: piece.width)
      context.multiply(
        logits.view, .transposed, x, .asIs, into: gradient.view, alpha: Float(piece.count))
    }
    defer {
      logits.recycle()
      gradient.recycle()
    }
    return (mean * Double(piece.count), gradient.elements)
  }

  private static func logits(
    _ piece: Sample, _ weights: [Float], classes: Int, _ context: ComputeContext
  ) -> Matrix {
    let logits = context.matrix(piece.count, classes)
    piece.features.withUnsafeBufferPointer { features in
      weights.withUnsafeBufferPointer { weights in
        context.multiply(
          MatrixView(reading: features.baseAddress!, rows: piece.count, columns: piece.width),
          .asIs,
          MatrixView(reading: weights.baseAddress!, rows: classes, columns: piece.width),
          .transposed, into: logits.view, alpha: 1)
      }
    }
    return logits
  }

  /// Splits standardised features, with a column of ones appended, into pieces of fixed size.
  private static func pieces(
    _ sample: Sample, _ means: [Float], _ reciprocals: [Float]
  ) -> [Sample] {
    stride(from: 0, to: sample.count, by: 4096).map { start in
      var piece = sample.selecting(start..<min(start + 4096, sample.count))
      var features: [Float] = []
      features.reserveCapacity(piece.count * (piece.width + 1))
      for row in 0..<piece.count {
        for column in 0..<piece.width {
          features.append(
            (piece.features[row * piece.width + column] - means[column]) * reciprocals[column])
        }
        features.append(1)
      }
      piece.features = features
      piece.width += 1
      return piece
    }
  }

  private static func moments(_ sample: Sample) -> (means: [Float], reciprocals: [Float]) {
    let width = sample.width
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    for (index, value) in sample.features.enumerated() {
      sums[index % width] += Double(value)
      squares[index % width] += Double(value) * Double(value)
    }
    let count = Double(sample.count)
    let means = sums.map { $0 / count }
    let reciprocals = zip(squares, means).map { square, mean in
      1 / max(square / count - mean * mean, 1e-12).squareRoot()
    }
    return (means.map(Float.init), reciprocals.map(Float.init))
  }
}
