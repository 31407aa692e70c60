import CLIP
import Foundation
import TestSupport
import Testing

@testable import Pretraining

struct PretrainerTests {
  private struct Killed: Error {}

  private func train(
    _ recipe: PretrainingRecipe, into folder: TemporaryFolder, workers: Int = 1,
    isResuming: Bool = false, killedAfter last: Int? = nil
  ) throws {
    try Pretrainer(recipe).train(into: folder.url, workers: workers, isResuming: isResuming) {
      if $0.step == last { throw Killed() }
    }
  }

  private func contents(_ folder: TemporaryFolder) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: folder.url.appending(path: $0)))
      })
  }

  @Test func `any number of workers gives the same bytes`() throws {
    let corpus = try SmallCorpus()
    let recipe = try SmallRecipe.read(
      SmallRecipe.text(pictures: corpus.folder.url.path), in: TemporaryFolder())
    let (one, three) = (try TemporaryFolder(), try TemporaryFolder())
    try train(recipe, into: one, workers: 1)
    try train(recipe, into: three, workers: 3)
    withExtendedLifetime(corpus) {}
    let expected = try contents(one)
    #expect(try contents(three) == expected)
    #expect(
      Set(expected.keys) == [
        "config.json", "merges.txt", "model.safetensors", "preprocessor_config.json",
        "training.csv", "vocab.json",
      ])
  }

  @Test(arguments: [2, 3, 5])
  func `a killed and resumed training gives the same bytes as an uninterrupted one`(
    last: Int
  ) throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    let (whole, killed) = (try TemporaryFolder(), try TemporaryFolder())
    try train(recipe, into: whole)
    #expect(throws: Killed.self) { try train(recipe, into: killed, killedAfter: last) }
    try train(recipe, into: killed, workers: 2, isResuming: true)
    #expect(try contents(killed) == contents(whole))
  }

  @Test func `a checkpoint is not overwritten without --resume`() throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    let folder = try TemporaryFolder()
    #expect(throws: Killed.self) { try train(recipe, into: folder, killedAfter: 3) }
    let before = try contents(folder)
    #expect(throws: PretrainingError.self) { try train(recipe, into: folder) }
    #expect(try contents(folder) == before)
  }

  @Test func `a truncated checkpoint or one of another recipe is rejected`() throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    let folder = try TemporaryFolder()
    #expect(throws: Killed.self) { try train(recipe, into: folder, killedAfter: 3) }
    var other = recipe
    other.optimizer.learningRate *= 2
    #expect(throws: ModelError.self) { try train(other, into: folder, isResuming: true) }
    let file = folder.url.appending(path: "checkpoint.safetensors")
    try Data(contentsOf: file).dropLast(5).write(to: file)
    #expect(throws: ModelError.self) { try train(recipe, into: folder, isResuming: true) }
  }

  @Test func `the log has a row per step, with evaluations as set in the recipe`() throws {
    let corpus = try SmallCorpus()
    let recipe = try SmallRecipe.read(
      SmallRecipe.text(pictures: corpus.folder.url.path, steps: 4), in: TemporaryFolder())
    let folder = try TemporaryFolder()
    try train(recipe, into: folder)
    withExtendedLifetime(corpus) {}
    let lines = try String(
      contentsOf: folder.url.appending(path: "training.csv"), encoding: .utf8
    ).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(lines.map { $0[0] } == ["step", "1", "2", "3", "4"])
    // One picture is held out, so its caption always retrieves it.
    #expect(lines.dropFirst().map { $0[5] } == ["", "", "1.0", "1.0"])
    #expect(lines.allSatisfy { $0.count == 7 })
  }

  @Test func `zero steps give the random initial model`() throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(steps: 0), in: TemporaryFolder())
    let folder = try TemporaryFolder()
    try train(recipe, into: folder)
    let model = try CLIPModel(directory: folder.url)
    let start = CLIPInitialization.vector(model.configuration, seed: recipe.seed)
    #expect(model.weights.values[0].pointee == start[0])
  }

  @Test func `training lowers the loss`() throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(steps: 400), in: TemporaryFolder())
    var losses: [Double] = []
    try Pretrainer(recipe).train(into: TemporaryFolder().url, workers: 1) {
      losses.append($0.loss)
    }
    let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
    #expect(last < 0.8 * first)
  }
}
