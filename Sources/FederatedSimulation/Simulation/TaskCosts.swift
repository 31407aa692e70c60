import Adaptation
import CLIP
import DeviceTasks
import Federation
import Fleet
import Scenario
import Tensors

/// The costs of a method's tasks for every setup used by some device.
final class TaskCosts {
  private let experiment: Experiment
  private let adapted: AdaptedModel
  private let training: LocalTraining
  /// By device class.
  private let classTraining: [LocalTraining]
  /// The additional memory that the algorithm and the codec need on a client during training.
  private let clientMemory: ClientMemory
  private let fallbacks: [MemoryFallback]
  private let lora: FederatedLoRA?
  /// The part of a LoRA that clients train in the current version; nil if the method is trained as
  /// a whole.
  var part: LoRAPart?
  private var models: [TaskSetup: CostModel] = [:]
  /// The last requested entry of `models`, which is usually requested again.
  private var last: (setup: TaskSetup, model: CostModel)?

  init(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel,
    _ lora: FederatedLoRA? = nil, clientMemory: ClientMemory = ClientMemory()
  ) {
    self.lora = lora
    self.experiment = experiment
    training = settings.training
    classTraining = experiment.fleet.classes.map { settings.training(ofClass: $0.name) }
    self.adapted = adapted
    fallbacks = experiment.scenario.fleet.adapt.filter {
      switch $0 {
      case .rank: lora?.rule.takesAnyRank == true
      case .basePrecision: lora?.rule.addsToBase != true
      default: true
      }
    }
    self.clientMemory = clientMemory
  }

  /// The costs of a setup, traced on first use.
  subscript(setup: TaskSetup) -> CostModel {
    if let last, last.setup == setup { return last.model }
    let model = models[setup] ?? traced(setup)
    last = (setup, model)
    return model
  }

  private func traced(_ setup: TaskSetup) -> CostModel {
    var training = training
    training.batchSize = setup.batchSize
    training.techniques = setup.techniques
    let adapted =
      setup.lora.flatMap { part in lora.map { AdaptedModel($0.model, $0.tracedMethod(part)) } }
      ?? adapted
    let model = CostModel(
      adapted, training, prompts: experiment.prompts, plan: setup.plan,
      runtime: experiment.scenario.fleet.runtime(for: setup.plan))
    models[setup] = model
    return model
  }

  /// The setup that the scenario requests for a device class.
  func asked(ofClass index: Int) -> TaskSetup {
    let own = classTraining[index]
    return TaskSetup(
      plan: experiment.scenario.fleet.executionPlan, batchSize: own.batchSize,
      techniques: own.techniques,
      lora: lora.map { TrainedPart(size: $0.size(ofClass: index), part: part ?? .both) })
  }

  /// How a client on a device with this class and memory executes its task; if no setup fits its
  /// memory, the smallest allowed one.
  func need(of client: Int, inClass index: Int, memory: ByteCount) -> TaskNeed {
    let samples = experiment.shards.count(of: client)
    func labels() -> [Int] { experiment.labels(experiment.shards[client]) }
    let asked = need(samples, labels, asked(ofClass: index))
    guard asked.peak > memory, !fallbacks.isEmpty else { return asked }
    return adapted(asked.setup, samples, labels(), memory)
  }

  /// The number of parameters that a client trains.
  func trainedCount(_ part: TrainedPart?) -> Int {
    guard let part, let lora else { return adapted.method.trainable.count }
    return lora.lora.shape.count(of: part.part, rank: part.size.rank)
  }

  /// The training cost of a client's task in a round.
  func training(of client: Int, _ need: TaskNeed, round: Int, preparing: Bool) -> TrainingCost {
    let costs = self[need.setup]
    let preparing = costs.prepares && preparing
    guard costs.dependsOnLabels else {
      return costs.training(samples: need.samples, preparing: preparing)
    }
    let batches = experiment.batches(
      training, batchSize: need.setup.batchSize, client: client, round: round)
    return costs.training(batches: batches.map { experiment.labels($0) }, preparing: preparing)
  }

  /// The largest setup that fits. The last fallback in `adapt` is used only if the earlier ones do
  /// not free enough memory.
  private func adapted(
    _ asked: TaskSetup, _ samples: Int, _ labels: [Int], _ memory: ByteCount
  ) -> TaskNeed {
    func need(_ setup: TaskSetup) -> TaskNeed { self.need(samples, { labels }, setup) }
    func fits(_ setup: TaskSetup) -> Bool { need(setup).peak <= memory }
    var setup = fallbacks.reduce(asked) { $0.least($1) }
    if !fits(setup), setup.techniques.precision != asked.techniques.precision {
      // Trained weights in both precisions may take more memory than bfloat16 activations save.
      setup.techniques.precision = asked.techniques.precision
    }
    guard fits(setup) else { return need(setup) }
    func keep<Value>(_ path: WritableKeyPath<TaskSetup, Value>) {
      var kept = setup
      kept[keyPath: path] = asked[keyPath: path]
      if fits(kept) { setup = kept }
    }
    func enlarge(to limit: Int, _ path: WritableKeyPath<TaskSetup, Int?>) {
      var larger = setup
      setup[keyPath: path] = Self.largest(below: limit) { size in
        larger[keyPath: path] = size
        return fits(larger)
      }
    }
    for freedom in fallbacks.reversed() {
      switch freedom {
      case .plan: keep(\.plan)
      case .checkpointing: keep(\.techniques.checkpointing)
      case .precision: keep(\.techniques.precision)
      case .batch: enlarge(to: asked.batchSize, \.anyBatchSize)
      case .rank: if let rank = asked.lora?.size.rank { enlarge(to: rank, \.rank) }
      case .basePrecision:
        var wider = setup
        let forms = BasePrecision.allCases.drop { $0 != asked.techniques.basePrecision }
        let form = forms.first { form in
          wider.techniques.basePrecision = form
          return fits(wider)
        }
        if let form { setup.techniques.basePrecision = form }
      case .microBatch:
        let whole = min(asked.techniques.microBatch ?? asked.batchSize, setup.batchSize)
        enlarge(to: whole, \.techniques.microBatch)
        if setup.techniques.microBatch == whole {
          setup.techniques.microBatch = asked.techniques.microBatch
        }
      }
    }
    return need(setup)
  }

  /// The largest number from 1 up to `limit` that fits, given that 1 fits and so does everything
  /// below a number that fits.
  private static func largest(below limit: Int, _ fits: (Int) -> Bool) -> Int {
    var fitting = 1..<limit + 1
    while fitting.count > 1 {
      let middle = fitting.lowerBound + fitting.count / 2
      fitting = fits(middle) ? middle..<fitting.upperBound : fitting.lowerBound..<middle
    }
    return fitting.lowerBound
  }

  /// - Parameter labels: the labels of the client's samples, evaluated only if a cost depends on
  ///   them.
  private func need(
    _ samples: Int, _ labels: () -> [Int], _ setup: TaskSetup
  ) -> TaskNeed {
    let costs = self[setup]
    let peak =
      costs.dependsOnLabels
      ? costs.peakBytes(labels: labels()) : costs.peakBytes(samples: samples)
    return TaskNeed(
      setup: setup, samples: samples,
      peak: ByteCount(peak + clientMemory.bytes(of: trainedCount(setup.lora))))
  }
}

extension TaskSetup {
  /// The numbers that a search increases, all of the same type.
  fileprivate var anyBatchSize: Int? {
    get { batchSize }
    set { if let newValue { batchSize = newValue } }
  }

  fileprivate var rank: Int? {
    get { lora?.size.rank }
    set { if let newValue { lora?.size.rank = newValue } }
  }

  /// The setup with the minimum for one fallback.
  fileprivate func least(_ freedom: MemoryFallback) -> TaskSetup {
    var setup = self
    switch freedom {
    case .plan: setup.plan = .cached
    case .batch: setup.batchSize = 1
    case .rank: setup.lora?.size.rank = 1
    case .checkpointing: setup.techniques.checkpointing = .blocks
    case .precision: setup.techniques.precision = .bfloat16
    case .basePrecision: setup.techniques.basePrecision = .nf4
    case .microBatch: setup.techniques.microBatch = 1
    }
    return setup
  }
}
