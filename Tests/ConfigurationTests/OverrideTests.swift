import Configuration
import Testing

struct OverrideTests {
  private func scenario(_ overrides: String...) throws -> Scenario {
    try ConfigurationDocument(text: scenarioText, name: "s.yaml", overrides: overrides)
      .read(Scenario.init)
  }

  @Test func `an override replaces a value, and the last one wins`() throws {
    #expect(try scenario("server.rounds=3", "server.rounds=4").rounds == 4)
  }

  @Test(arguments: ["methods[0].rank=4", "methods.0.rank=4", "methods.flora.rank=4"])
  func `a list element is addressed by its index or its name`(option: String) throws {
    #expect(try scenario(option).methods[0].rank == 4)
  }

  @Test func `the value of an override is YAML`() throws {
    #expect(try scenario("server.deadline=10 min").deadline == Span(seconds: 600))
    #expect(try scenario("methods.flora.modules=[q_proj, v_proj]").methods[0].modules.count == 2)
    #expect(try scenario("data.partition={ kind: iid }").partition == .iid)
    #expect(try scenario("training=none").methods.allSatisfy { $0.training == nil })
    #expect(try scenario("name=a=b").name == "a=b")
  }

  @Test func `an override may add a key and its parent sections`() throws {
    let document = try ConfigurationDocument(
      text: "name: a\nempty:\n", name: "s.yaml", overrides: ["x.y.z=1", "empty.too=2"])
    let values = try document.read {
      (
        $0.string("name"), $0.section("x").section("y").integer("z"),
        $0.section("empty").integer("too")
      )
    }
    #expect(values == ("a", 1, 2))
  }

  @Test(arguments: [
    (
      "server.rounds=ten",
      "expected a whole number of at least 1, found \"ten\"; write, for example, 20"
    ),
    ("server.ronds=3", "there is no such key; did you mean \"rounds\"?"),
    ("server.rounds=", "the value is missing; write, for example, 20"),
    (
      "methods.flora.rank=ten",
      "methods[0].rank: expected a whole number from 1 to 64, found \"ten\"; write, for example, 2"
    ),
    (
      "methods.flroa.rank=4",
      "methods: no element of this list is called \"flroa\"; did you mean \"flora\"?"
    ),
    (
      "methods.x.rank=4",
      "methods: no element of this list is called \"x\"; the names are flora and fedfft"
    ),
    (
      "methods[2].rank=4",
      "methods: there is no element 2; the list has the elements 0 to 1"
    ),
    (
      "server[0]=4", "server: this is a section of keys; name a key in place of [0]"
    ),
    (
      "server.rounds.x=4",
      "server.rounds: this is the value \"20\" and has no keys; set the whole value"
    ),
    ("rounds", "expected a key path and a value; write, for example, server.rounds=3"),
    ("=3", "expected a key path and a value; write, for example, server.rounds=3"),
    (
      "server..x=3",
      "\"server..x\" is not a key path; write, for example, server.rounds or methods[0].rank"
    ),
    (
      "name=[",
      "the YAML is invalid here (did not find expected node content); "
        + "check the indentation, colons and quotation marks"
    ),
    (
      "evaluation={ every: 1, every: 2 }",
      "every: the key appears more than once; remove all but one"
    ),
  ])
  func `an error in an override names the option`(option: String, message: String) {
    #expect(
      lines(scenarioText, overrides: [option], Scenario.init) == ["--set \(option): \(message)"])
  }

  @Test func `errors in overrides follow those in the file, in order`() {
    let text = scenarioText.replacing("seed: 7", with: "seed: -7")
    let lines = lines(text, overrides: ["server.rounds=x", "name.x=3", "a"], Scenario.init)
    #expect(
      lines.map { $0.prefix(12) } == [
        "s.yaml:2:7: ", "--set name.x", "--set a: exp", "--set server",
      ])
  }
}
