import CLIP
import Tensors

/// Trains clients' copies of a method's parameters, each on the client's own samples.
///
/// The result is a pure function of the inputs, independent of the clock and the worker. Clients
/// that train together run their steps together if they can share the frozen weights. Each client
/// learns the same as on its own.
package struct ClientTrainer: Sendable {
  package private(set) var adapted: AdaptedModel
  package let training: LocalTraining
  package let prompts: PromptRows
  private let images: ImageSource
  /// Nil if unused.
  package let features: FrozenFeatures?
  private let classCount: Int
  private let savings: ExactSavings
  /// The prompts' features if the text tower is frozen; nil if no prompts are read.
  private let frozenPrompts: PromptPass?
  private let partContexts: PartContexts
  private let leastPromptRows: Int

  /// - Parameters:
  ///   - features: the features of all training samples; required if the vision tower is frozen.
  ///   - partContexts: may be shared by trainers that differ only in techniques.
  ///   - leastPromptRows: the number of text rows for which a part of the prompts is worthwhile.
  ///     Products with fewer rows mostly read weights, which every part repeats.
  package init(
    _ adapted: AdaptedModel, _ training: LocalTraining, images: ImageSource,
    features: FrozenFeatures?, prompts: ClassPrompts, savings: ExactSavings = .all,
    partContexts: PartContexts = PartContexts(), leastPromptRows: Int = 32
  ) {
    precondition(
      adapted.trainsVision || features != nil || !savings.contains(.keptImageFeatures),
      "a frozen tower needs its features")
    let adapted =
      savings.contains(.packedWeights)
      ? adapted.packingFrozenWeights(training.techniques.precision) : adapted
    self.adapted = adapted
    self.training = training
    self.images = images
    self.features = savings.contains(.keptImageFeatures) ? features : nil
    let prompts = adapted.method.prompts ?? prompts
    self.prompts = PromptRows(
      adapted, prompts, savings, precision: training.techniques.precision)
    self.savings = savings
    self.partContexts = partContexts
    self.leastPromptRows = leastPromptRows
    classCount = prompts.count
    if !adapted.readsPrompts {
      frozenPrompts = PromptPass()
    } else if !adapted.trainsText {
      frozenPrompts = PromptPass(
        adapted, self.prompts, version: [], recording: false, savings, training.techniques)
    } else {
      frozenPrompts = nil
    }
  }

  /// A copy for a method that changes the same layers, but may train another part of the change or
  /// have other constants in those layers. Cheap, because everything below those layers is reused.
  package func replacingMethod(by method: any AdaptationMethod) -> ClientTrainer {
    var trainer = self
    trainer.adapted = adapted.replacingMethod(by: method)
    return trainer
  }

  package struct Result: Sendable {
    /// The trained parameters minus the initial ones.
    package let delta: [Float]
    package let steps: Int
    /// The mean over samples of the batch loss before each step.
    package let meanLoss: Double
    package let memory: OptimizerMemory?
  }

  /// The number of parts of each batch; 1 if there is nothing to share.
  package var parts: Int {
    adapted.trainsVision ? training.batchParts : adapted.trainsText ? parts(prompts: classCount) : 1
  }

  /// The number of parts of some prompts, which depends only on their number.
  private func parts(prompts count: Int) -> Int {
    let rows = prompts.all.rows.count * count / max(1, classCount)
    return min(training.batchParts, max(1, rows / leastPromptRows))
  }

  /// The number of groups in which `clients` train together, so that each shared weight is read once
  /// for all clients of a group. A multiple of the workers, so that none is idle while others train
  /// the last groups.
  ///
  /// The bits of a client's result do not depend on the clients that train with it. Where they might,
  /// because the rows of a product are not independent, the number depends only on the work.
  package func groupCount(clients: Int, workers: Int) -> Int {
    guard adapted.sharesWeights, training.techniques.microBatch == nil, parts == 1,
      savings.isSuperset(of: [.stackedClients, .cutTexts])
    else { return clients }
    let most = max(1, Self.stackedRows / max(1, prompts.all.rows.count))
    let groups = (clients + most - 1) / most
    guard BLAS.rowsAreIndependent else { return groups }
    return min(clients, (groups + workers - 1) / workers * workers)
  }

  /// The number of rows beyond which products with the shared weights gain little, and their
  /// operands no longer fit the caches.
  private static let stackedRows = 192

  /// A pass of all prompts with the server's version, for its evaluation and for the first steps of
  /// the clients that start from it.
  package func pass(version: [Float]) -> PromptPass {
    frozenPrompts
      ?? PromptPass(
        adapted, prompts, version: version, recording: sharesFirstPass, savings,
        training.techniques)
  }

  /// Whether the first steps reuse the version's pass; not if there are so many classes that
  /// keeping it would cost more memory than it saves time.
  private var sharesFirstPass: Bool {
    let text = adapted.model.configuration.text
    let numbers = prompts.all.rows.count * text.layers * (8 * text.width + text.mlpWidth)
    return savings.isSuperset(of: [.sharedFirstPass, .cutTexts]) && numbers <= Self.passLimit
  }

  /// The maximum number of values of a retained pass: 256 MB.
  private static let passLimit = 1 << 26

  /// - Parameters:
  ///   - tasks: the tasks of clients that train together.
  ///   - version: the server's version of the parameters, from which all of them start.
  ///   - pass: that version's pass of the prompts, if available.
  /// - Returns: a result for each task.
  package func train(
    _ tasks: [ClientTask], from version: [Float], pass: PromptPass? = nil,
    _ context: ComputeContext
  ) -> [Result] {
    context.withPrecision(training.techniques.precision) {
      parts == 1
        ? trainTogether(tasks, from: version, pass, context)
        : tasks.map { trainInParts($0, from: version, pass, context) }
    }
  }

  private func trainTogether(
    _ tasks: [ClientTask], from version: [Float], _ pass: PromptPass?, _ context: ComputeContext
  ) -> [Result] {
    var trainees = tasks.map { Trainee($0, training, version: version, context) }
    // Sorts by number of steps, descending, so that the clients still training are always a prefix.
    let order = trainees.indices.sorted {
      (trainees[$0].batches.count, $1) > (trainees[$1].batches.count, $0)
    }
    var active: [Int] = []
    var step: TrainingStep?
    var selection: PromptRows.Selection?
    for round in 0..<(trainees.map(\.batches.count).max() ?? 0) {
      let still = order.prefix { trainees[$0].batches.count > round }
      if still.count != active.count {
        active = Array(still)
        step = self.step(active.map { trainees[$0] })
      }
      let samples = active.map { trainees[$0].batches[round] }
      let losses = run(
        step!, samples, gradients: active.map { trainees[$0].gradient }, &selection,
        pass: round == 0 ? pass : nil, context)
      for (index, trainee) in active.enumerated() {
        trainees[trainee].step(
          training.optimizer, loss: losses[index], samples: samples[index].count,
          version: version, context)
      }
    }
    return trainees.map { $0.finish(training, version: version) }
  }

  private func step(_ trainees: [Trainee]) -> TrainingStep {
    let tables = trainees.map { adapted.table($0.parameters, gradient: $0.gradient) }
    return adapted.step(
      ParameterTable(stacking: tables), training.loss, savings, training.techniques)
  }

  /// Runs the forward and backward pass of one batch per client.
  ///
  /// - Parameter selection: the prompts of the previous step, which are reused if unchanged.
  private func run(
    _ step: TrainingStep, _ samples: [[Int]], gradients: [Matrix],
    _ selection: inout PromptRows.Selection?, pass: PromptPass?, _ context: ComputeContext
  ) -> [Double] {
    let comparisons = samples.map(comparison)
    for gradient in gradients { context.clear(gradient.base, count: gradient.count) }
    let batches = zip(samples, comparisons).map {
      TrainingStep.Batch(
        images: adapted.input($0, images, features, context), targets: $1.targets)
    }
    defer {
      for case .pixels(let pixels) in batches.map(\.images) { pixels.recycle() }
    }
    return step.run(
      batches,
      prompts: adapted.readsPrompts
        ? input(comparisons.map(\.classes), &selection, pass, context) : .none, context)
  }

  /// What the images of a batch are compared with.
  ///
  /// - Returns: the class of each prompt, and each image's prompt; without prompts, the images'
  ///   classes.
  private func comparison(_ samples: [Int]) -> (classes: [Int], targets: [Int32]) {
    let labels = samples.map { Int(images.dataset.labels[$0]) }
    guard adapted.readsPrompts else { return ([], labels.map(Int32.init)) }
    guard hasDistinctPrompts else { return (labels, labels.indices.map(Int32.init)) }
    let classes = training.loss.promptClasses(labels: labels, count: classCount)
    var column = [Int32](repeating: 0, count: classCount)
    for (index, label) in classes.enumerated() { column[label] = Int32(index) }
    return (classes, labels.map { column[$0] })
  }

  /// For the classification loss, the prompts are always those of all classes.
  private var hasDistinctPrompts: Bool {
    savings.contains(.distinctPrompts) || training.loss == .classification
  }

  private func input(
    _ classes: [[Int]], _ selection: inout PromptRows.Selection?, _ pass: PromptPass?,
    _ context: ComputeContext
  ) -> TrainingStep.Prompts {
    let all = classes.joined().map(Int32.init)
    if let frozenPrompts { return frozenFeatures(frozenPrompts, all, context) }
    let pieces = training.techniques.pieces(of: all.count)
    guard pieces.count == 1 else {
      precondition(classes.count == 1, "prompts in pieces are one client's")
      return .texts(pieces.map { prompts.select([Array(classes[0][$0])]).text })
    }
    if selection?.classes != classes { selection = prompts.select(classes) }
    return texts(selection!, pass, context)
  }

  private func frozenFeatures(
    _ pass: PromptPass, _ classes: [Int32], _ context: ComputeContext
  ) -> TrainingStep.Prompts {
    .features(context.gather(pass.features.rows, classes))
  }

  /// The selected prompts, after the text tower if the version's pass has them.
  private func texts(
    _ selected: PromptRows.Selection, _ pass: PromptPass?, _ context: ComputeContext
  ) -> TrainingStep.Prompts {
    guard let pass, let tape = pass.tape, !selected.source.isEmpty else {
      return .texts([selected.text])
    }
    let all = selected.classes.joined().map(Int32.init)
    return .passed(
      pass.features.gathering(all, context),
      tape.gathering(selected.texts, source: selected.source, pooled: all, context))
  }
}

// MARK: Batches in parts

extension ClientTrainer {
  /// Trains one client, with every batch in parts that idle workers compute.
  private func trainInParts(
    _ task: ClientTask, from version: [Float], _ pass: PromptPass?, _ context: ComputeContext
  ) -> Result {
    var trainee = Trainee(task, training, version: version, context)
    partContexts.lend(parts: parts) { contexts in
      let parts = StepParts(
        addingTo: trainee.gradient, contexts, precision: training.techniques.precision, context)
      let steps = parts.gradients.map {
        adapted.step(
          adapted.table(trainee.parameters, gradient: $0), training.loss, savings,
          training.techniques)
      }
      var selection = PartSelection(classes: [], parts: [])
      // As many as there are parts of the images beside a single part of the prompts.
      LongVectors.$mostHelpers.withValue(parts.count) {
        for (round, samples) in trainee.batches.enumerated() {
          let loss = run(parts, steps, samples, &selection, pass: round == 0 ? pass : nil)
          trainee.step(
            training.optimizer, loss: loss, samples: samples.count, version: version, context)
        }
      }
      parts.recycle()
    }
    return trainee.finish(training, version: version)
  }

  /// The prompts of a batch in parts, each in micro-batches.
  private struct PartSelection {
    let classes: [Int]
    let parts: [[PromptRows.Selection]]
  }

  /// Runs the forward and backward pass of one batch.
  ///
  /// - Parameter selection: the prompts of the previous step, which are reused if unchanged.
  private func run(
    _ parts: StepParts, _ steps: [TrainingStep], _ samples: [Int],
    _ selection: inout PartSelection, pass: PromptPass?
  ) -> Double {
    let (classes, targets) = comparison(samples)
    // Gathering features is not worth dividing.
    let ranges =
      features == nil || adapted.trainsVision
      ? StepParts.cut(samples.count, into: parts.count) : [samples.indices]
    let images = ranges.map { range in
      { (context: ComputeContext) in
        adapted.input(Array(samples[range]), self.images, features, context)
      }
    }
    return parts.run(
      steps, images: images,
      prompts: adapted.readsPrompts ? inputs(classes, &selection, pass) : [],
      targets: targets)
  }

  /// The prompts of each part.
  private func inputs(
    _ classes: [Int], _ selection: inout PartSelection, _ pass: PromptPass?
  ) -> [(ComputeContext) -> TrainingStep.Prompts] {
    if let frozenPrompts {
      return [{ context in frozenFeatures(frozenPrompts, classes.map(Int32.init), context) }]
    }
    if selection.classes != classes {
      let count = min(parts, parts(prompts: classes.count))
      let parts = StepParts.cut(classes.count, into: count).map { range in
        training.techniques.pieces(of: range.count).map { piece in
          prompts.select([piece.map { classes[range.lowerBound + $0] }])
        }
      }
      selection = PartSelection(classes: classes, parts: parts)
    }
    return selection.parts.map { pieces in
      { context in
        pieces.count == 1 ? texts(pieces[0], pass, context) : .texts(pieces.map(\.text))
      }
    }
  }
}
