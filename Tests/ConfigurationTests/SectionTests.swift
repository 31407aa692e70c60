import Configuration
import Testing

struct SectionTests {
  @Test func `an unknown key is reported with a suggestion`() {
    let lines = lines("server:\n  ronds: 3\n  rounds: 4\n  batch-size: 2\n") {
      let server = $0.section("server")
      return (server.integer("rounds"), server.integer("batch_size", default: 1))
    }
    #expect(
      lines == [
        "s.yaml:2:3: server.ronds: there is no such key; did you mean \"rounds\"?",
        "s.yaml:4:3: server.batch-size: there is no such key; did you mean \"batch_size\"?",
      ])
  }

  @Test func `an unknown key without a similar one is reported with the known keys`() {
    #expect(
      lines("{ a: 1, weather: mild }") { ($0.integer("a"), $0.integer("bee", default: 1)) }
        == ["s.yaml:1:9: weather: there is no such key; the keys here are a and bee"])
    #expect(
      lines("{ weather: {} }") { _ in }
        == ["s.yaml:1:3: weather: there is no such key; remove it; this section takes no keys"])
  }

  @Test(arguments: [
    ("server: 3", "s.yaml:1:9: server: expected a section of keys, found \"3\""),
    ("server: [1]", "s.yaml:1:9: server: expected a section of keys, found a list"),
  ])
  func `a value that is not a section is a single error`(text: String, start: String) {
    #expect(
      lines(text) { $0.section("server").section("link").integer("rounds") }
        == ["\(start); write \"key: value\" lines below it"])
  }

  @Test func `a section without keys is a missing value`() {
    #expect(
      lines("server:\nname: a") { ($0.section("server").integer("rounds"), $0.string("name")) }
        == [
          "s.yaml:1:1: server: the value is missing; "
            + "write the section's keys below it, or {} for an empty section"
        ])
  }

  @Test func `an omitted section is one error, or has defaults`() {
    #expect(
      lines("{}") { $0.section("server").integer("rounds") }
        == ["s.yaml:1:1: server: the key is missing; write \"server:\" and its keys below it"])
    #expect(
      lines("{}") { $0.section("server", isRequired: false).integer("rounds", default: 3) } == [])
  }

  @Test func `a word may represent the absence of a section`() throws {
    for text in ["training: none", "training: {}", "{}"] {
      let document = try ConfigurationDocument(text: text, name: "s.yaml")
      let training = try document.read { $0.section("training", unless: "none") == nil }
      #expect(training == (text == "training: none"))
    }
    #expect(
      lines("training: never") { $0.optionalSection("training", none: "none")?.integer("x") }
        == [
          "s.yaml:1:11: training: expected a section of keys or the word \"none\", "
            + "found \"never\"; write \"key: value\" lines below it"
        ])
  }

  @Test(arguments: [
    ("methods: []", "s.yaml:1:10: methods: the list is empty; write, for example, [{ … }]"),
    ("methods:", "s.yaml:1:1: methods: the value is missing; write, for example, [{ … }]"),
    (
      "methods: 3",
      "s.yaml:1:10: methods: expected a list, found \"3\"; write, for example, [{ … }]"
    ),
    ("{}", "s.yaml:1:1: methods: the key is missing; write, for example, \"methods: [{ … }]\""),
    (
      "methods:\n  - 3",
      "s.yaml:2:5: methods[0]: expected a section of keys, found \"3\"; "
        + "write \"key: value\" lines below it"
    ),
    (
      "methods:\n  - rank: 1\n  -",
      "s.yaml:3:4: methods[1]: the value is missing; "
        + "write the section's keys below it, or {} for an empty section"
    ),
  ])
  func `a list of sections has at least one section`(text: String, line: String) {
    #expect(lines(text) { $0.sections("methods").map { $0.integer("rank") } } == [line])
  }

  @Test func `the elements of a list are checked individually`() {
    let text = "a: [x, {}, '']\nb: [1, two, 3]\nc: [0.5, 2]\nd: [adam, sdg]\ne: one\n"
    let lines = lines(text) { root in
      (
        root.strings("a"), root.integers("b"), root.numbers("c", in: .fraction),
        root.choices("d", of: Scenario.Optimizer.self), root.strings("e", example: "out_proj")
      )
    }
    #expect(
      lines == [
        "s.yaml:1:8: a[1]: expected text, found a section of keys; write, for example, text",
        "s.yaml:1:12: a[2]: expected text, found \"\"; write, for example, text",
        "s.yaml:2:8: b[1]: expected a whole number, found \"two\"; write, for example, 1",
        "s.yaml:3:10: c[1]: expected a number from 0 to 1, found \"2\"; write, for example, 1",
        "s.yaml:4:11: d[1]: expected one of adam, adamw and sgd, found \"sdg\"; "
          + "did you mean \"sgd\"?",
        "s.yaml:5:4: e: expected a list, found \"one\"; write, for example, [out_proj]",
      ])
  }

  @Test func `an invalid kind is the only error in its section`() {
    #expect(
      lines("partition: { kind: dirichlit, beta: ten }") {
        $0.section("partition").kind("kind", of: Scenario.PartitionKind.self)
      } == [
        "s.yaml:1:20: partition.kind: expected one of iid, dirichlet and pathological, "
          + "found \"dirichlit\"; did you mean \"dirichlet\"?"
      ])
  }

  @Test func `a caller's error points at the value or the section`() {
    let lines = lines("server:\n  cohort: 3\n") {
      let server = $0.section("server")
      server.fault(at: "cohort", "the cohort is larger than the fleet; write 2 or fewer")
      server.fault(at: "rounds", "the rounds do not fit; write fewer")
      server.fault("nothing fits; start again")
    }
    #expect(
      lines == [
        "s.yaml:1:1: server.rounds: the rounds do not fit; write fewer",
        "s.yaml:1:1: server: nothing fits; start again",
        "s.yaml:2:11: server.cohort: the cohort is larger than the fleet; write 2 or fewer",
      ])
  }

  @Test func `the shape of a value is known before it is read`() {
    let text = "a: 1\nb: [1]\nc: {}\nd:\n"
    _ = lines(text) { root in
      #expect(
        ["a", "b", "c", "d", "e"].map(root.shape) == [.scalar, .list, .section, .missing, .absent])
    }
  }

  @Test func `a method inherits omitted training keys`() throws {
    let scenario = try ConfigurationDocument(text: scenarioText, name: "s.yaml")
      .read(Scenario.init)
    #expect(scenario.methods.map(\.training?.learningRate) == [1e-3, 1e-4])
  }

  @Test func `an inherited error is reported once, and unknown keys in both sections`() {
    let text =
      scenarioText
      .replacing("learning_rate: 1.0e-3", with: "learning_rate: fast")
      .replacing("  batch_size: 128", with: "  rank: 2")
      .replacing("kind: full, ", with: "kind: full, lerning_rate: 3, ")
    #expect(
      lines(text, Scenario.init) == [
        "s.yaml:11:18: training.learning_rate: expected a number above 0, found \"fast\"; "
          + "write, for example, 0.001",
        "s.yaml:12:3: training.rank: there is no such key; "
          + "the keys here are optimizer, learning_rate and batch_size",
        "s.yaml:15:33: methods[1].lerning_rate: there is no such key; "
          + "did you mean \"learning_rate\"?",
      ])
  }
}
