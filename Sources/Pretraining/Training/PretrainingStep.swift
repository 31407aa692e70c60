import Adaptation
import CLIP
import Tensors

/// The loss and gradients of one step, whose batch is split into parts that workers compute in
/// parallel.
///
/// The number of parts is fixed and their gradients are added in order, so that the result does not
/// depend on the number of workers.
struct PretrainingStep {
  private let configuration: CLIPConfiguration
  private let pool: WorkerPool
  private let vision: [TowerPart]
  private let text: [TowerPart]
  /// A gradient [1, parameters] per part index; the towers have no parameter in common, so their
  /// parts share one.
  private let gradients: [Matrix]
  private let logitScaleGradient: UnsafeMutablePointer<Float>
  private let context: ComputeContext

  /// - Parameters:
  ///   - vector: the parameters, [1, parameters], which every step reads.
  ///   - parts: the number of parts of each tower's batch, which is also the number of workers per
  ///     tower.
  init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, reading vector: Matrix,
    parts: Int, on pool: WorkerPool, _ context: ComputeContext
  ) {
    self.configuration = configuration
    self.pool = pool
    self.context = context
    let entries = parameters.layout.entries
    gradients = (0..<parts).map { _ in context.matrix(1, vector.count) }
    logitScaleGradient = gradients[0].base + entries[parameters.logitScale].offset
    let tables = gradients.map { gradient in
      var table = ParameterTable(frozen: entries.map { UnsafePointer(vector.base + $0.offset) })
      table.gradients = entries.map { gradient.base + $0.offset }
      return table
    }
    vision = tables.map { TowerPart(parameters, configuration, $0) }
    text = tables.map { TowerPart(parameters, configuration, $0) }
  }

  /// - Parameter logitScale: the factor of the cosines.
  /// - Returns: the loss, and the gradient of all parameters [1, parameters], which is valid until
  ///   the next run.
  func run(_ batch: PretrainingBatch, logitScale: Float) -> (
    loss: Double, gradient: Matrix
  ) {
    for gradient in gradients { context.clear(gradient.base, count: gradient.count) }
    let width = configuration.pixelCount
    let vision = zip(self.vision, Self.cut(batch.pictures, into: gradients.count)).map {
      part, range in
      part.input = .pictures(batch.pixels[range.lowerBound * width..<range.upperBound * width])
      return part
    }
    let text = zip(self.text, Self.cut(batch.texts.count, into: gradients.count)).map {
      part, range in
      part.input = .texts(Array(batch.texts[range]))
      return part
    }
    _ = pool.map(vision + text) { part, _ in part.forward() }
    let loss = loss(vision, text, targets: batch.targets, logitScale: logitScale)
    _ = pool.map(vision + text) { part, _ in part.backward() }
    for gradient in gradients.dropFirst() {
      context.addColumnSums(of: gradient, to: gradients[0].base)
    }
    return (loss, gradients[0])
  }

  /// Computes the loss over the features of all parts, and passes its gradient to each part.
  private func loss(
    _ vision: [TowerPart], _ text: [TowerPart], targets: [Int32], logitScale: Float
  ) -> Double {
    let (z, t) = (gather(vision), gather(text))
    let (dz, dt) = (context.matrix(z.rows, z.columns), context.matrix(t.rows, t.columns))
    let similarity = SimilarityLoss(
      .contrastive, logitScale: logitScale, logitScaleGradient: logitScaleGradient)
    let value = similarity.backward(
      z.view, t.view, targets: targets, dz: dz.view, dt: dt.view, context)
    for (parts, gradient) in [(vision, dz), (text, dt)] {
      var source = gradient.base
      for part in parts {
        context.copy(source, to: part.gradient!.base, count: part.rows.count)
        source += part.rows.count
      }
    }
    for matrix in [z, t, dz, dt] { matrix.recycle() }
    return value
  }

  /// Concatenates the features of all parts.
  private func gather(_ parts: [TowerPart]) -> Matrix {
    let all = context.matrix(parts.reduce(0) { $0 + $1.rows.rows }, parts[0].rows.columns)
    var target = all.base
    for part in parts {
      context.copy(part.rows.base, to: target, count: part.rows.count)
      target += part.rows.count
    }
    return all
  }

  /// Non-empty ranges of nearly equal length that cover 0..<count.
  static func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }.filter { !$0.isEmpty }
  }
}
