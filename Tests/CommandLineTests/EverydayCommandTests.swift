import Foundation
import Testing

/// Commands that help to write a scenario and to follow a run.
struct EverydayCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `init writes a valid scenario and never overwrites a file`() throws {
    let made = try Flora.run(["init", "mine.yaml"], in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let valid = try Flora.run(["validate", "mine.yaml"], in: folder)
    #expect(valid.status == 0, "\(valid.errors)")
    let text = try folder.text("mine.yaml")
    #expect(text.contains("name: mine\n"))
    let again = try Flora.run(["init", "mine.yaml"], in: folder)
    #expect(again.status == 2 && again.errors.contains("already exists"))
    #expect(try folder.text("mine.yaml") == text)
    for name in ["a b.yaml", "nowhere/mine.yaml", ".yaml"] {
      let fault = try Flora.run(["init", name], in: folder)
      #expect(
        fault.status == 2 && fault.errors.split(separator: "\n").count == 1, "\(fault.errors)")
    }
  }

  @Test func `explain describes a key, and suggests one for an unknown key`() throws {
    let cohort = try Flora.run(["explain", "cohort"], in: folder)
    #expect(cohort.status == 0 && cohort.output.hasPrefix("server.cohort\n"))
    #expect(cohort.output.contains("required"))
    let all = try Flora.run(["explain"], in: folder)
    #expect(all.output.split(separator: "\n").count > 150)
    let none = try Flora.run(["explain", "cohrt"], in: folder)
    #expect(none.status == 2 && none.errors.contains("did you mean \"cohort\"?"))
    #expect(none.output.isEmpty)
  }

  @Test func `the schema is JSON`() throws {
    let schema = try Flora.run(["schema"], in: folder)
    let object = try JSONSerialization.jsonObject(with: Data(schema.output.utf8))
    #expect((object as? [String: Any])?["type"] as? String == "object")
  }

  @Test func `JSON progress is one object per line, and there is no progress without a terminal`()
    throws
  {
    try folder.write(SmallScenario.text, to: "small.yaml")
    let quiet = try Flora.run(["run", "small.yaml", "--out", "quiet"], in: folder)
    #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
    let run = try Flora.run(["run", "small.yaml", "--out", "told", "--json-progress"], in: folder)
    let events = try run.errors.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let rounds = events.filter { $0["event"] as? String == "round" }
    #expect(
      rounds.map { $0["method"] as? String } == [
        "flora", "flora", "flora", "fedfft", "fedfft", "fedfft",
      ])
    #expect(rounds.map { $0["round"] as? Int } == [0, 1, 2, 0, 1, 2])
    #expect(rounds.allSatisfy { $0["total"] as? Int == 2 && $0["accuracy"] is Double })
    #expect(events.contains { $0["event"] as? String == "features" })
  }
}
