import CLIP
import Tensors

/// A model's components and the cost of each method on it, without training.
package struct ModelReport: Encodable {
  package struct Part: Encodable {
    package let name: String
    package let parameters: Int
  }

  package struct Plan: Encodable {
    package let flopsPerStep: Int
    /// For the plan's default runtime.
    package let peakMemoryBytes: Int
    /// By runtime name.
    package let peakMemoryBytesByRuntime: [String: Int]
    /// The cost of a step by runtime name.
    package let stepByRuntime: [String: TrainingCost]
    /// By runtime name, if the device's speed is known.
    package var secondsPerStepByRuntime: [String: Double]?

    private enum CodingKeys: String, CodingKey {
      case flopsPerStep = "flops_per_step"
      case peakMemoryBytes = "peak_memory_bytes"
      case peakMemoryBytesByRuntime = "peak_memory_bytes_by_runtime"
      case secondsPerStepByRuntime = "seconds_per_step_by_runtime"
    }
  }

  package struct Method: Encodable {
    package let name: String
    package let trainableParameters: Int
    package let payloadBytes: Int
    package var reference: Plan
    package var cached: Plan

    private enum CodingKeys: String, CodingKey {
      case name, reference, cached
      case trainableParameters = "trainable_parameters"
      case payloadBytes = "payload_bytes"
    }
  }

  /// Whether the model has weights rather than only a shape.
  package let hasWeights: Bool
  /// The number of images per step.
  package let batchSize: Int
  /// The number of classes in a batch, which is the number of distinct prompts.
  package let classes: Int
  package let parts: [Part]
  package private(set) var methods: [Method]

  /// - Parameters:
  ///   - prompts: the prompts of the classes; a batch is assumed to contain all of them.
  ///   - training: provides the loss, the optimizer and the batch size of a step.
  package init(
    _ model: CLIPModel, prompts: ClassPrompts, _ training: LocalTraining, hasWeights: Bool = true
  ) {
    self.hasWeights = hasWeights
    batchSize = training.batchSize
    classes = prompts.count
    let layout = model.parameters.layout
    func part(_ name: String, _ indices: some Sequence<Int>) -> Part {
      Part(name: name, parameters: indices.reduce(0) { $0 + layout.entries[$1].count })
    }
    parts = [
      part("text tower", model.parameters.textIndices),
      part("vision tower", model.parameters.visionIndices),
      part("logit scale", CollectionOfOne(model.parameters.logitScale)),
    ]
    let labels = (0..<training.batchSize).map { $0 % prompts.count }
    methods = StandardMethods.all(model.configuration, prompts: prompts).map { name, method in
      let adapted = AdaptedModel(model, method)
      func plan(_ plan: ExecutionPlan) -> Plan {
        let costs = Dictionary(
          uniqueKeysWithValues: DeviceRuntime.allCases.map { runtime in
            (
              runtime.rawValue,
              CostModel(adapted, training, prompts: prompts, plan: plan, runtime: runtime)
            )
          })
        let standard = costs[DeviceRuntime.standard(for: plan).rawValue]!
        return Plan(
          flopsPerStep: standard.training(batches: [labels], preparing: false).flops,
          peakMemoryBytes: standard.peakBytes(labels: labels),
          peakMemoryBytesByRuntime: costs.mapValues { $0.peakBytes(labels: labels) },
          stepByRuntime: costs.mapValues { $0.training(batches: [labels], preparing: false) })
      }
      return Method(
        name: name, trainableParameters: method.trainable.count, payloadBytes: method.payloadBytes,
        reference: plan(.reference), cached: plan(.cached))
    }
  }

  /// Adds the duration of each step.
  package mutating func addSeconds(_ seconds: (TrainingCost) -> Double) {
    for index in methods.indices {
      for plan in [\Method.reference, \Method.cached] {
        methods[index][keyPath: plan].secondsPerStepByRuntime =
          methods[index][keyPath: plan].stepByRuntime.mapValues(seconds)
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case hasWeights = "has_weights"
    case batchSize = "batch_size"
    case classes, parts, methods
  }
}
