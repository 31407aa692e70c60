import Foundation
import Testing
import Yams

@testable import Scenario

/// The schema for editors, with bundled and invalid scenarios.
struct ScenarioSchemaTests {
  private let schema: SchemaCheck

  init() throws {
    let text = try ScenarioSchema(keys: SurveyedKeys.all).json()
    schema = try SchemaCheck(json: text)
  }

  @Test func `bundled scenarios match the schema`() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../scenarios").standardizedFileURL
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(files.count > 5)
    for file in files {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      #expect(try schema.accepts(yaml: text), "\(file)")
    }
  }

  @Test(arguments: [
    ("cohort: 6", "cohrt: 6"), ("cohort: 6", "cohort: many"), ("cohort: 6", "cohort: 0"),
    ("rounds: 3, cohort: 6", "rounds: 3"), ("{ kind: iid }", "{ kind: few-shot }"),
    ("{ kind: iid }", "{ kind: iid, beta: 0.1 }"), ("{ kind: iid }", "{ beta: 0.1 }"),
    ("memory: 2 GB", "memory: 2"), ("memory: 2 GB", "memory: 2 GiBB"),
    ("memory: 2 GB", "memory: { lognormal: { median: 2 GB } }"),
    ("kind: full,", "kind: full, rank: 2,"), ("name: small", "nme: small"),
    ("batch_size: 16,", "mode: quick,"), ("cohort: 6", "cohort: 6, strategy: fedbuf"),
    ("cohort: 6", "cohort: 6, deadline: soon"),
  ])
  func `an invalid scenario does not match the schema`(right: String, wrong: String) throws {
    let text = ScenarioText.small
    #expect(try schema.accepts(yaml: text))
    #expect(text.contains(right))
    #expect(!(try schema.accepts(yaml: text.replacing(right, with: wrong))))
  }

  @Test(arguments: [
    ("{ kind: iid }", "{ kind: few-shot, shots: 8 }"), ("name: small\n", "name: 7\n"),
    ("memory: 2 GB", "memory: { lognormal: { median: 2 GB, sigma: 0.5 } }"),
    ("cohort: 6", "cohort: 6, strategy: { kind: fedbuff, buffer: 5, staleness: constant }"),
    ("cohort: 6", "cohort: 6, strategy: fedadam, deadline: 10 min"),
    ("cohort: 6", "cohort: 6, deadline: none, upload: unlimited"),
    ("batch_size: 16,", "batch_size: 16, mode: timing,"),
    ("training: { batch_size: 16, weight_decay: 0 }", "training: none"),
    ("cohort: 6", "cohort: 6, deadline: 1 h, late: kept"),
    ("seed: 5", "seed: 5\nsweep: { seed: [0, 1], methods.flora.rank: [2, 4] }"),
  ])
  func `alternative notations match the schema`(one: String, other: String) throws {
    #expect(ScenarioText.small.contains(one))
    #expect(try schema.accepts(yaml: ScenarioText.small.replacing(one, with: other)))
  }
}
