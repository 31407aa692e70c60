import CLIP
import TestSupport
import Testing

@testable import Adaptation

/// Learned context vectors: the tokens they replace, and their initial values.
struct PromptMethodTests {
  private let model: CLIPModel
  private let texts: [[Int32]]

  init() throws {
    model = try Fixtures.clip("tiny")
    texts = try Fixtures.reference("tiny").rows("class_input_ids")
  }

  @Test func `vectors initialized with words give the words' features`() throws {
    let method = PromptMethod(model.configuration, prompts: texts, words: 1)
    let prompts = try #require(method.prompts)
    #expect(prompts.tokens.map { $0[1] } == [-1, -1, -1])
    #expect(zip(prompts.tokens, texts).allSatisfy { $0[2...] == $1[2...] && $0[0] == $1[0] })
    let learned = Embedder(
      AdaptedModel(model, method), parameters: method.initialParameters(of: model, seed: 1))
    let base = Embedder(model)
    for (prompt, text) in zip(prompts.tokens, texts) {
      #expect(learned.embed(tokens: prompt) == base.embed(tokens: text))
    }
  }

  @Test func `random vectors are between start and class, small and determined by the seed`() throws
  {
    let classes = texts.map { Array($0.prefix(4)) }
    let method = PromptMethod(model.configuration, classes: classes, context: 5)
    let prompts = try #require(method.prompts)
    for (prompt, tokens) in zip(prompts.tokens, classes) {
      #expect(prompt == tokens[..<1] + [-1, -2, -3, -4, -5] + tokens[1...])
    }
    let start = method.initialParameters(of: model, seed: 1)
    #expect(start.count == 5 * model.configuration.text.width)
    let deviation = (start.reduce(0) { $0 + $1 * $1 } / Float(start.count)).squareRoot()
    #expect((0.016...0.024).contains(deviation))
    #expect(start == method.initialParameters(of: model, seed: 1))
    #expect(start != method.initialParameters(of: model, seed: 2))
  }
}
