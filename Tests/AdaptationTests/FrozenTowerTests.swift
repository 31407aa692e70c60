import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// What training leaves unchanged.
struct FrozenTowerTests {
  @Test(arguments: [Tower.text, .vision])
  func `freezing a tower leaves its gradient untouched and the other's unchanged`(frozen: Tower)
    throws
  {
    let training = try TinyTraining(.full)
    let layout = training.adapted.method.trainable
    let start = training.start
    let whole = gradient(training, start) { _ in }
    let parameters = training.model.parameters
    let part = gradient(training, start) { table in
      for index in frozen == .text ? parameters.textIndices : parameters.visionIndices {
        table.gradients[index] = nil
      }
    }
    for entry in layout.entries {
      if entry.name.hasPrefix(frozen == .text ? "text_" : "vis") {
        #expect(part[entry.range].allSatisfy { $0 == 7 }, "\(entry.name)")
      } else {
        #expect(part[entry.range] == whole[entry.range], "\(entry.name)")
        #expect(part[entry.range].contains { $0 != 7 }, "\(entry.name)")
      }
    }
  }

  @Test func `every parameter can be trained on its own`() throws {
    let training = try TinyTraining(.full)
    let entries = training.adapted.method.trainable.entries
    let start = training.start
    let whole = gradient(training, start) { _ in }
    let indices = Array(training.model.parameters.layout.entries.indices.dropFirst())
    for (trained, entry) in zip(indices, entries) {
      let part = gradient(training, start) { table in
        for index in indices where index != trained { table.gradients[index] = nil }
      }
      #expect(part[entry.range] == whole[entry.range], "\(entry.name)")
      #expect(part.indices.allSatisfy { entry.range.contains($0) || part[$0] == 7 })
    }
  }

  @Test(arguments: TinyMethod.allCases)
  func `training does not change the base`(method: TinyMethod) throws {
    let training = try TinyTraining(method)
    let before = baseNumbers(training.model)
    _ = training.trainer(LocalTraining(batchSize: 4)).train(
      from: training.movedStart, batches: [[0, 1, 2, 3], [4, 5]], ComputeContext())
    #expect(baseNumbers(training.model) == before)
  }

  @Test func `a method trains the towers that it changes`() throws {
    let adapted = try TinyMethod.allCases.map { try TinyTraining($0).adapted }
    let towers: [(method: TinyMethod, vision: Bool, text: Bool, weights: Bool)] = [
      (.textLoRA, false, true, true), (.visionLoRA, true, false, true),
      (.loraOfBoth, true, true, true), (.full, true, true, true),
      (.classifier, false, false, false), (.visionClassifier, true, false, true),
      (.gate, false, false, false), (.bottleneck, false, false, false),
      (.prompt, false, true, false),
      (.norms, true, true, true), (.visionPreNorm, true, false, true), (.biases, true, true, true),
      (.shallowVisualPrompts, true, false, false), (.deepVisualPrompts, true, false, false),
      (.textFactors, false, true, true), (.factorsOfBoth, true, true, true),
      (.textDoRA, false, true, true), (.doraOfBoth, true, true, true),
    ]
    #expect(towers.map(\.method) == TinyMethod.allCases)
    #expect(adapted.map(\.trainsVision) == towers.map(\.vision))
    #expect(adapted.map(\.trainsText) == towers.map(\.text))
    #expect(adapted.map(\.changesWeights) == towers.map(\.weights))
  }

  /// The gradient of all images, added to sevens, with the table modified by `change`.
  private func gradient(
    _ training: TinyTraining, _ start: [Float], _ change: (inout ParameterTable) -> Void
  ) -> [Float] {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(
      1, start.count, copying: .init(repeating: 7, count: start.count))
    var table = training.adapted.table(parameters, gradient: gradient)
    change(&table)
    _ = training.run(table, .contrastive, context)
    return withExtendedLifetime(parameters) { gradient.elements }
  }

  private func baseNumbers(_ model: CLIPModel) -> [Float] {
    zip(model.weights.values, model.parameters.layout.entries).flatMap { value, entry in
      UnsafeBufferPointer(start: value, count: entry.count)
    }
  }
}
