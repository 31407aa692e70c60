import Configuration
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

/// Scenarios with the user's own pictures.
struct ImageFolderRunTests {
  @Test func `a run on a folder of pictures writes its tables`() throws {
    let folder = try PictureFolder()
    let run = try TemporaryRun(ScenarioText.scenario(folder.text))
    #expect(run.rows("rounds.csv").map { $0["round"]! } == ["0", "1", "2"])
    #expect(run.rows("tasks.csv").count == 4)
    #expect(run.summaries.allSatisfy { (0...1).contains($0.finalAccuracy ?? -1) })
  }

  @Test func `pictures are stored at the model's size, and classes have the scenario's names`()
    throws
  {
    let folder = try PictureFolder()
    let named = folder.text.replacing(
      "  partition", with: "  class_names: [bag, coat]\n  partition")
    let experiment = try Experiment(ScenarioText.scenario(named))
    let size = experiment.model.configuration.imageSize
    #expect(experiment.dataset.height == size && experiment.dataset.width == size)
    #expect(experiment.dataset.classNames == ["bag", "coat"])
    #expect(try Experiment(ScenarioText.scenario(folder.text)).dataset.classNames == ["a", "b"])
  }

  @Test(arguments: [
    (
      "[Cat, cat]", "a photo of a {}.",
      "the classes \"Cat\" and \"cat\" have the same prompt tokens"
    ),
    (
      "[\"a  b\", a b]", "a photo of a {}.",
      "the classes \"a  b\" and \"a b\" have the same prompt tokens"
    ),
    (
      "[cat, dog]", "a photo <|endoftext|> of a {}.",
      "the classes \"cat\" and \"dog\" have the same prompt tokens"
    ),
    (
      "[cat, dog]", "\(String(repeating: "a very long photo ", count: 30)){}.",
      "has 154 tokens, but the model's limit"
    ),
    (
      "[cat, \"\(String(repeating: "dog ", count: 80))\"]", "a photo of a {}.",
      "tokens, but the model's limit"
    ),
  ])
  func `classes with identical prompts are rejected`(
    names: String, prompt: String, words: String
  ) throws {
    let folder = try PictureFolder()
    let text = folder.text.replacing(
      "  partition", with: "  class_names: \(names)\n  prompt: \"\(prompt)\"\n  partition")
    let error = try #require(throws: ExperimentError.self) {
      try Experiment(ScenarioText.scenario(text))
    }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test(arguments: ["cifar-10", "cifar-100", "image-folder"])
  func `a data set without a package needs a path`(name: String) throws {
    let faulty = ScenarioText.small.replacing("fashion-mnist", with: name)
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(faulty)
    }
    #expect("\(error)".contains("data.path"))
  }

  @Test func `class names can only be set for an image folder`() throws {
    let faulty = ScenarioText.small.replacing(
      "  partition", with: "  class_names: [a, b]\n  partition")
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(faulty)
    }
    #expect("\(error)".contains("data.class_names"))
  }
}
