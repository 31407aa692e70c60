import CLIP
import Foundation
import Tensors
import Testing

@testable import Adaptation

/// The test score compared with a naive search for the largest cosine.
struct EvaluatorTests {
  @Test(arguments: TinyMethod.allCases)
  func `the score counts the largest cosines and sums the cross-entropies`(method: TinyMethod)
    throws
  {
    let training = try TinyTraining(method)
    let start = training.movedStart
    let samples = [9, 0, 4, 3, 2, 7, 1]
    let score = self.score(of: training, start, samples)
    let naive = naiveScore(training, start, samples)
    #expect(score.correct == naive.correct)
    #expect(score.samples == 7)
    #expect(abs(score.lossSum - naive.lossSum) < 1e-5 * naive.lossSum)
    #expect(score.accuracy == Double(naive.correct) / 7)
    #expect(abs(score.loss - naive.lossSum / 7) < 1e-5 * naive.lossSum)
  }

  @Test func `the scores of parts add up to the total score`() throws {
    let training = try TinyTraining(.full)
    let start = training.start
    let whole = self.score(of: training, start, Array(0..<10))
    let sum =
      self.score(of: training, start, Array(0..<4))
      + self.score(of: training, start, Array(4..<10))
    #expect(sum.correct == whole.correct)
    #expect(sum.samples == whole.samples)
    #expect(abs(sum.lossSum - whole.lossSum) < 1e-5 * whole.lossSum)
  }

  @Test(arguments: [TinyMethod.textLoRA, .visionLoRA, .loraOfBoth, .full])
  func `a method starts from the base's own predictions`(method: TinyMethod) throws {
    let training = try TinyTraining(method)
    let base = try TinyTraining(.full)
    let score = self.score(of: training, training.start, Array(0..<10))
    let expected = self.score(of: base, base.start, Array(0..<10))
    #expect(score.correct == expected.correct)
    #expect(abs(score.lossSum - expected.lossSum) < 1e-5 * expected.lossSum)
  }

  @Test(arguments: [TinyMethod.classifier, .visionClassifier])
  func `a classifier starts with the base's choices, image by image`(method: TinyMethod) throws {
    let training = try TinyTraining(method)
    let base = try TinyTraining(.full)
    for sample in 0..<10 {
      let own = score(of: training, training.start, [sample])
      #expect(own.correct == score(of: base, base.start, [sample]).correct)
    }
  }

  /// A bottleneck's ReLU maps NaN to zero, so its scores remain finite.
  @Test(arguments: TinyMethod.allCases.filter { $0 != .bottleneck })
  func `samples with NaN scores belong to no class, not even the first`(
    method: TinyMethod
  ) throws {
    let training = try TinyTraining(method)
    let start = training.movedStart
    for value in [Float.nan, .infinity, -.infinity] {
      let score = self.score(
        of: training, [Float](repeating: value, count: start.count), Array(0..<10))
      #expect(score.correct == 0 && score.accuracy == 0 && score.samples == 10)
      #expect(!score.loss.isFinite)
    }
  }

  private func score(
    of training: TinyTraining, _ parameters: [Float], _ samples: [Int]
  ) -> Evaluator.Score {
    let prompts = training.trainer(LocalTraining()).pass(version: parameters)
    return evaluator(training).score(
      parameters, prompts: prompts, samples: samples, ComputeContext())
  }

  private func evaluator(_ training: TinyTraining) -> Evaluator {
    Evaluator(training.adapted, images: training.images, features: training.features)
  }

  private func naiveScore(_ training: TinyTraining, _ parameters: [Float], _ samples: [Int]) -> (
    correct: Int, lossSum: Double
  ) {
    let context = ComputeContext()
    let configuration = training.model.configuration
    let vector = context.matrix(1, parameters.count, copying: parameters)
    let table = training.adapted.table(vector, gradient: nil)
    let vision = VisionTower(
      training.model.parameters, configuration, table,
      prompts: training.adapted.attachments(table).visionPrompts)
    let text = training.adapted.textTower(table)
    let prompts = (0..<3).map { label in
      text.forward(
        TextRows(TextBatch([training.prompts.tokens[label]], configuration)), recording: false,
        context
      ).features.elements
    }
    let naive = NaiveAttachment(training.adapted.method, parameters)
    var correct = 0
    var lossSum = 0.0
    for sample in samples {
      let pixels = training.images.pixels([sample], context)
      let image = naive.adapt(vision.forward(pixels, recording: false, context).features.elements)
      let logits =
        naive.scores(image)
        ?? prompts.map { Double(training.model.logitScale) * cosine(image, $0) }
      let label = training.labels(of: [sample])[0]
      if logits.allSatisfy({ $0 <= logits[label] }) { correct += 1 }
      lossSum += log(logits.reduce(0) { $0 + exp($1) }) - logits[label]
    }
    return withExtendedLifetime(vector) { (correct, lossSum) }
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }
}
