import Configuration
import Foundation
import TestSupport
import Testing

@testable import Pretraining

struct PretrainingRecipeTests {
  @Test func `the rate rises linearly and falls along half a cosine`() throws {
    var recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    recipe.steps = 110
    recipe.warmUpSteps = 10
    recipe.finalRateShare = 0.1
    recipe.optimizer.learningRate = 1
    #expect(abs(recipe.learningRate(step: 0) - 0.1) < 1e-12)
    #expect(abs(recipe.learningRate(step: 9) - 1) < 1e-12)
    #expect(abs(recipe.learningRate(step: 10) - 1) < 1e-12)
    #expect(abs(recipe.learningRate(step: 60) - 0.55) < 1e-12)
    #expect(abs(recipe.learningRate(step: 110) - 0.1) < 1e-12)
  }

  @Test func `paths are relative to the recipe's folder`() throws {
    let folder = try TemporaryFolder()
    let recipe = try SmallRecipe.read(SmallRecipe.text(pictures: "pictures"), in: folder)
    #expect(
      recipe.data.pictures?.standardizedFileURL.path
        == folder.url.appending(path: "pictures").standardizedFileURL.path)
  }

  @Test func `every error is reported with its key`() throws {
    let text = SmallRecipe.text().replacing("steps: 6", with: "steps: many")
      .replacing("heads: 2", with: "heads: 3")
      .replacing("photographs: 0", with: "photographs: 0, drawings: 0.4")
    let error = #expect(throws: ConfigurationError.self) {
      try SmallRecipe.read(text, in: TemporaryFolder())
    }
    for key in ["training.steps", "model.heads", "data.drawings"] {
      #expect("\(try #require(error))".contains(key))
    }
  }

  @Test func `settings that do not affect results do not change the identity`() throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    var other = recipe
    other.checkpointInterval = 77
    other.evaluationInterval = 88
    other.name = "other"
    other.data.photographs = 99
    other.data.photographFolder = URL(filePath: "/elsewhere")
    #expect(other.identity(corpus: nil) == recipe.identity(corpus: nil))
    other.steps += 1
    #expect(other.identity(corpus: nil) != recipe.identity(corpus: nil))
    #expect(recipe.identity(corpus: "ab") != recipe.identity(corpus: nil))
  }
}
