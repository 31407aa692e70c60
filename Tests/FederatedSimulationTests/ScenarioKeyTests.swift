import Configuration
import Foundation
import Testing

@testable import Scenario

/// The reference of a scenario's keys, which must be complete and exact.
struct ScenarioKeyTests {
  @Test func `every key is explained, and nothing else`() throws {
    let texts = try ScenarioKeyText.all()
    let keys = Scenario.surveyedKeys
    let unexplained = keys.filter { Scenario.text(of: $0, in: texts) == nil }.map(\.path)
    #expect(unexplained == [])
    let used = texts.keys.filter { name in
      name.hasPrefix("*.")
        ? keys.contains { $0.path.hasSuffix(name.dropFirst()) }
        : keys.contains { $0.path == name }
    }
    #expect(texts.keys.sorted() == used.sorted())
    #expect(keys.count > 150)
  }

  @Test func `conditional defaults are explained`() throws {
    let texts = try ScenarioKeyText.all()
    for key in Scenario.surveyedKeys where !key.isRequired && key.inherited == nil {
      let own = Scenario.text(of: key, in: texts)?.standard
      #expect(own != nil || key.standards.count == 1, "\(key.path): \(key.standards)")
    }
  }

  @Test(
    arguments: [
      ("server.cohort", nil, nil), ("data.prompt", "a photo of a {}.", nil),
      ("server.strategy.beta1", "0.9; 0 for fedadagrad", "kind: fedadagrad, fedadam, fedyogi"),
      ("methods[].learning_rate", "that of training.learning_rate", nil),
      ("training.learning_rate", "5e-05", nil), ("training.mode", "train", nil),
      ("server.deadline", "none", nil),
      (
        "data.class_names",
        "the folder names, with underscores replaced by spaces; the labels for idx",
        "dataset: image-folder, idx"
      ),
    ] as [(String, String?, String?)])
  func `defaults and conditions match the reader's`(
    path: String, standard: String?, condition: String?
  ) throws {
    let key = try #require(try SurveyedKeys.all.first { $0.path == path })
    #expect(key.standard == standard && key.condition == condition)
  }

  @Test func `a key is found by its path, with element indices or names, or by its last part`()
    throws
  {
    let reference = ScenarioReference(keys: try SurveyedKeys.all)
    for name in ["methods[].rank", "methods.rank", "methods[0].rank", "methods.flora.rank"] {
      #expect(reference.keys(called: name).map(\.path) == ["methods[].rank"], "\(name)")
    }
    #expect(reference.keys(called: "cohort").map(\.path) == ["server.cohort"])
    #expect(reference.keys(called: "beta1").count == 3)
    #expect(reference.keys(called: "training.mode").map(\.path) == ["training.mode"])
    #expect(reference.keys(called: "cohrt").isEmpty)
    #expect(reference.suggestion(for: "server.cohrt") == "did you mean \"server.cohort\"?")
    #expect(reference.suggestion(for: "cohrt") == "did you mean \"cohort\"?")
    #expect(reference.suggestion(for: "weather").contains("flora explain"))
  }

  @Test func `the reference in docs matches the program's output`() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../docs/scenario-keys.md")
    let page = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
    #expect(page == ScenarioReference(keys: try SurveyedKeys.all).markdown + "\n")
  }

  @Test func `the starter scenario is valid, under any name`() throws {
    let document = try ConfigurationDocument(
      text: StarterScenario.text(named: "mine"), name: "mine.yaml")
    let scenario = try document.read { Scenario($0, folder: URL(filePath: "/")) }
    #expect(scenario.name == "mine" && scenario.methods.count == 2)
    #expect(scenario.fleet.classes.count == 3)
  }
}
