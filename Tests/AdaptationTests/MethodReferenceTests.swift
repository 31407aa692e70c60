import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// The methods other than LoRA compared with PyTorch's on the small random CLIP.
struct MethodReferenceTests {
  private static let settings = [
    "fedlc", "fedvmlc", "fedaa", "fedca", "fedprompt", "norm", "normfit", "bitfit", "vptshallow",
    "vptdeep",
    "ia3", "dora",
  ]
  private let model: CLIPModel
  private let inputs: Reference
  private let reference: Reference
  private let classes: ClassPrompts

  init() throws {
    model = try Fixtures.clip("tiny")
    inputs = try Fixtures.reference("tiny")
    reference = try Fixtures.reference("methods")
    classes = ClassPrompts(try inputs.rows("class_input_ids"), model.configuration)
  }

  @Test(arguments: settings)
  func `the predictions match PyTorch's`(setting: String) throws {
    let method = method(setting)
    let adapted = AdaptedModel(model, method)
    let embedder = Embedder(adapted, parameters: try start(setting))
    let pixels = try inputs["pixel_values"]
    let size = model.configuration.pixelCount
    let prompts = (method.prompts ?? classes).tokens.map { embedder.embed(tokens: $0) }
    let naive = NaiveAttachment(method, try start(setting))
    var scores: [Float] = []
    for index in 0..<5 {
      let image = embedder.embed(pixels: Array(pixels[index * size..<(index + 1) * size]))
      if let classifier = naive.scores(image) {
        scores += classifier.map { Float($0) }
      } else {
        scores += prompts.map { prompt in
          zip(image, prompt).reduce(0) { $0 + $1.0 * $1.1 } * model.logitScale
        }
      }
    }
    #expect(relativeError(scores, try reference["\(setting).scores"]) < 1e-5)
  }

  @Test(arguments: settings)
  func `loss and gradients match PyTorch's`(setting: String) throws {
    let method = method(setting)
    let (loss, gradient) = try step(method, start(setting))
    #expect(relativeError([loss], try reference["\(setting).loss"]) < 1e-5)
    for entry in method.trainable.entries {
      let expected = try reference["\(setting).grad.\(entry.name)"]
      if entry.name.hasSuffix("k_proj.bias") {
        // Zero except for rounding: softmax is invariant to what all keys share.
        #expect(gradient[entry.range].allSatisfy { abs($0) < 1e-6 }, "\(entry.name)")
      } else {
        #expect(relativeError(gradient[entry.range], expected) < 1e-4, "\(entry.name)")
      }
    }
  }

  @Test(arguments: settings)
  func `ten Adam steps match PyTorch's`(setting: String) throws {
    let method = method(setting)
    let context = ComputeContext()
    let optimizer = Optimizer(kind: .adam, learningRate: 1e-3)
    let start = try start(setting)
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    let adapted = AdaptedModel(model, method)
    let step = adapted.step(adapted.table(parameters, gradient: gradient), .contrastive)
    let pixels = try inputs["steps.pixel_values"]
    let labels = try inputs.rows("steps.labels").map { $0.map(Int.init) }
    let size = pixels.count / labels.count
    let losses = labels.enumerated().map { index, labels in
      context.clear(gradient.base, count: gradient.count)
      let batch = Array(pixels[index * size..<(index + 1) * size])
      let loss = run(step, method, batch, labels, context)
      optimizer.step(parameters, gradient: gradient, &state, context)
      return loss
    }
    #expect(relativeError(losses, try reference["\(setting).steps.losses"]) < 1e-5)
    // The fixture does not have the whole vision model that fedvmlc trains.
    let entries = method.trainable.entries.filter {
      setting != "fedvmlc" || !$0.name.hasPrefix("vision_model")
    }
    for entry in entries {
      let expected = try reference["\(setting).steps.final.\(entry.name)"]
      let trained = parameters.elements[entry.range]
      #expect(relativeError(trained, expected) < 1e-4, "\(entry.name)")
      #expect(relativeError(start[entry.range], expected) > 1e-3, "\(entry.name) moves")
    }
  }

  private func method(_ setting: String) -> any AdaptationMethod {
    let kinds: [String: TinyMethod] = [
      "fedlc": .classifier, "fedvmlc": .visionClassifier, "fedaa": .gate, "fedca": .bottleneck,
      "fedprompt": .prompt, "norm": .norms, "normfit": .visionPreNorm, "bitfit": .biases,
      "vptshallow": .shallowVisualPrompts, "vptdeep": .deepVisualPrompts,
      "ia3": .factorsOfBoth, "dora": .doraOfBoth,
    ]
    return kinds[setting]!.make(model.configuration, classes)
  }

  /// PyTorch's initial values for additional parameters, the model's own values for others.
  private func start(_ setting: String) throws -> [Float] {
    let own = method(setting).initialParameters(of: model, seed: 0)
    return try method(setting).trainable.entries.flatMap { entry in
      let isOfBase = model.parameters.layout.entries.contains { $0.name == entry.name }
      return isOfBase
        ? Array(own[entry.range]) : try reference["\(setting).start.\(entry.name)"]
    }
  }

  private func step(_ method: any AdaptationMethod, _ start: [Float]) throws -> (Float, [Float]) {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    let adapted = AdaptedModel(model, method)
    let step = adapted.step(adapted.table(parameters, gradient: gradient), .contrastive)
    let loss = run(
      step, method, try inputs["pixel_values"], try inputs.integers("labels"), context)
    return withExtendedLifetime(parameters) { (loss, gradient.elements) }
  }

  /// Accumulates the gradient of a batch, and returns its loss.
  private func run(
    _ step: TrainingStep, _ method: any AdaptationMethod, _ pixels: [Float], _ labels: [Int],
    _ context: ComputeContext
  ) -> Float {
    let images = context.matrix(
      labels.count, model.configuration.pixelCount, copying: pixels)
    guard AdaptedModel(model, method).readsPrompts else {
      return Float(
        step.run(images: .pixels(images), prompts: .none, targets: labels, context))
    }
    let chosen = Set(labels).sorted()
    let texts = (method.prompts ?? classes).texts.selecting(chosen)
    return Float(
      step.run(
        images: .pixels(images), prompts: .texts(texts),
        targets: labels.map { chosen.firstIndex(of: $0)! }, context))
  }
}
