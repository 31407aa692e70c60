import Adaptation
import CLIP
import Tensors

/// The loss and gradients of one step, whose batch is split into parts that workers compute in
/// parallel.
///
/// The number of parts is fixed and their gradients are added in order, so that the result does not
/// depend on the number of workers.
struct PretrainingStep {
  private let parameters: CLIPParameters
  private let configuration: CLIPConfiguration
  private let pool: WorkerPool
  private let parts: StepParts
  /// The parameters, and the destination of the gradients of each part.
  private let tables: [ParameterTable]

  /// - Parameters:
  ///   - vector: the parameters, [1, parameters], which every step reads.
  ///   - parts: the number of parts of each tower's batch, which is also the maximum number of
  ///     workers per tower.
  init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, reading vector: Matrix,
    parts: Int, on pool: WorkerPool, _ context: ComputeContext
  ) {
    self.parameters = parameters
    self.configuration = configuration
    self.pool = pool
    self.parts = StepParts(
      addingTo: context.matrix(1, vector.count), StepParts.contexts(parts: parts), context)
    let entries = parameters.layout.entries
    tables = self.parts.gradients.map { gradient in
      var table = ParameterTable(frozen: entries.map { UnsafePointer(vector.base + $0.offset) })
      table.gradients = entries.map { gradient.base + $0.offset }
      return table
    }
  }

  /// - Parameter logitScale: the factor of the cosines.
  /// - Returns: the loss, and the gradient of all parameters [1, parameters], which is valid until
  ///   the next run.
  func run(_ batch: PretrainingBatch, logitScale: Float) -> (
    loss: Double, gradient: Matrix
  ) {
    let steps = tables.map {
      TrainingStep(
        parameters, configuration, $0, logitScale: logitScale, loss: .contrastive)
    }
    let width = configuration.pixelCount
    let pictures = StepParts.cut(batch.pictures, into: parts.count).map { range in
      { (context: ComputeContext) -> TrainingStep.Images in
        let numbers = batch.pixels[range.lowerBound * width..<range.upperBound * width]
        return .pixels(context.matrix(range.count, width, copying: Array(numbers)))
      }
    }
    let texts = StepParts.cut(batch.texts.count, into: parts.count).map { range in
      { [configuration] (_: ComputeContext) -> TrainingStep.Prompts in
        .texts(TextBatch(Array(batch.texts[range]), configuration))
      }
    }
    // On a worker, so that no more threads than workers compute.
    nonisolated(unsafe) let run = { [parts] in
      parts.run(steps, images: pictures, prompts: texts, targets: batch.targets)
    }
    let loss = pool.submit { [pool, parts = parts.count] _ in
      LongVectors.$helpers.withValue(pool) {
        LongVectors.$mostHelpers.withValue(2 * parts - 1, operation: run)
      }
    }.wait()
    return (loss, parts.gradients[0])
  }
}
