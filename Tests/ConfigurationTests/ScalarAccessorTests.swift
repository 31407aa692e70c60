import Configuration
import Testing

struct ScalarAccessorTests {
  @Test(arguments: [
    ("ten", "expected a whole number of at least 1, found \"ten\"; write, for example, 20"),
    ("0", "expected a whole number of at least 1, found \"0\"; write, for example, 20"),
    ("-3", "expected a whole number of at least 1, found \"-3\"; write, for example, 20"),
    ("2.5", "expected a whole number of at least 1, found \"2.5\"; write, for example, 20"),
    ("0x10", "expected a whole number of at least 1, found \"0x10\"; write, for example, 20"),
    ("1_000", "expected a whole number of at least 1, found \"1_000\"; write 1000"),
    (
      "010",
      "expected a whole number of at least 1, found \"010\"; write it without the leading zero"
    ),
    (
      "\"20\"",
      "expected a whole number of at least 1, found the quoted text \"20\"; "
        + "remove the quotation marks"
    ),
    (
      "99999999999999999999",
      "expected a whole number of at least 1, found \"99999999999999999999\"; "
        + "that does not fit in 64 bits; write, for example, 20"
    ),
    ("[1]", "expected a whole number of at least 1, found a list; write, for example, 20"),
    (
      "{ a: 1 }",
      "expected a whole number of at least 1, found a section of keys; write, for example, 20"
    ),
    ("true", "expected a whole number of at least 1, found \"true\"; write, for example, 20"),
  ])
  func `an invalid whole number is rejected with a suggestion`(value: String, message: String) {
    let lines = lines("\n  rounds: \(value)\n") {
      $0.integer("rounds", in: .positive, example: 20)
    }
    #expect(lines == ["s.yaml:2:11: rounds: \(message)"])
  }

  @Test(arguments: ["", "~", "null"])
  func `a key without a value is a missing value at the key`(value: String) {
    let lines = lines("name: a\nrounds: \(value)\n") {
      ($0.string("name"), $0.integer("rounds", in: .positive, example: 20))
    }
    #expect(lines == ["s.yaml:2:1: rounds: the value is missing; write, for example, 20"])
  }

  @Test func `a missing key is reported at its section with an example`() {
    let lines = lines("server:\n  cohort: 3\n") {
      let server = $0.section("server")
      return (server.integer("cohort"), server.integer("rounds", in: .positive, example: 20))
    }
    #expect(
      lines == [
        "s.yaml:1:1: server.rounds: the key is missing; write, for example, \"rounds: 20\""
      ])
  }

  @Test(arguments: [
    ("1.0e-3", 1e-3), ("1e-3", 1e-3), ("5", 5), (".5", 0.5), ("5.", 5), ("+2.5E2", 250),
    ("0.50", 0.5), ("-0", 0),
  ])
  func `numbers are read in every decimal format`(text: String, value: Double) throws {
    let document = try ConfigurationDocument(text: "x: \(text)", name: "s.yaml")
    #expect(try document.read { $0.number("x") } == value)
  }

  @Test(arguments: [
    (".nan", "write, for example, 1"), (".inf", "write, for example, 1"),
    ("nan", "write, for example, 1"), ("inf", "write, for example, 1"),
    ("0x1p3", "write, for example, 1"), ("1.2.3", "write, for example, 1"),
    ("1_000.5", "write 1000.5"),
    ("0,7", "use a decimal point, and no thousands separators"),
    ("1e999", "that is too large; write, for example, 1"),
    ("0001", "write it without the leading zero"), ("-00.5", "write it without the leading zero"),
    ("'1.5'", "remove the quotation marks"),
  ])
  func `anything but a finite decimal is rejected`(text: String, suggestion: String) {
    let found = text.hasPrefix("'") ? "the quoted text \"1.5\"" : "\"\(text)\""
    #expect(
      lines("x: \(text)") { $0.number("x") }
        == ["s.yaml:1:4: x: expected a number, found \(found); \(suggestion)"])
  }

  @Test(arguments: [
    (ClosedRange.fraction, "a number from 0 to 1"),
    (.positive, "a number above 0"),
    (.notNegative, "a number of at least 0"),
    (.above(1), "a number above 1"),
    (0...1.0.nextDown, "a number of at least 0 and below 1"),
    (0.0.nextUp...1, "a number above 0 and at most 1"),
    (0.25...0.75, "a number from 0.25 to 0.75"),
    (-.infinity...3, "a number of at most 3"),
  ])
  func `the bounds of a number are described in words`(range: ClosedRange<Double>, words: String) {
    let line = lines("x: none") { $0.number("x", in: range) }.first
    #expect(line?.hasPrefix("s.yaml:1:4: x: expected \(words), found \"none\"; write, for") == true)
  }

  @Test(arguments: [
    (1...5, "a whole number from 1 to 5"),
    (Int.min...5, "a whole number of at most 5"),
    (.any, "a whole number"),
    (.notNegative, "a whole number of at least 0"),
  ])
  func `the bounds of an integer are described in words`(range: ClosedRange<Int>, words: String) {
    let line = lines("x: none") { $0.integer("x", in: range) }.first
    #expect(line == "s.yaml:1:4: x: expected \(words), found \"none\"; write, for example, 1")
  }

  @Test(arguments: [
    ("yes", "found \"yes\"; write true"), ("off", "found \"off\"; write false"),
    ("TRUE", "found \"TRUE\"; write true"), ("1", "found \"1\"; write, for example, false"),
    ("\"true\"", "found the quoted text \"true\"; remove the quotation marks"),
  ])
  func `only true and false are booleans`(text: String, message: String) {
    #expect(
      lines("x: \(text)") { $0.boolean("x", default: false) }
        == ["s.yaml:1:4: x: expected true or false, \(message)"])
  }

  @Test(arguments: [
    ("007", "007"), ("1.5", "1.5"), ("true", "true"), ("\"a: b\"", "a: b"), ("a photo", "a photo"),
    ("\"{}\"", "{}"), ("|\n  two\n  lines", "two\nlines"), ("'~'", "~"),
  ])
  func `text may look like anything`(text: String, value: String) throws {
    let document = try ConfigurationDocument(text: "x: \(text)", name: "s.yaml")
    #expect(try document.read { $0.string("x") } == value)
  }

  @Test func `empty text is rejected unless allowed`() {
    let body = "a: \"\"\nb: ''\n"
    #expect(
      lines(body) { ($0.string("a", example: "phones"), $0.string("b", allowingEmpty: true)) }
        == ["s.yaml:1:4: a: expected text, found \"\"; write, for example, phones"])
  }

  @Test(arguments: [
    ("adma", "did you mean \"adam\"?"), ("Adam", "did you mean \"adam\"?"),
    ("lion", "write one of them"),
  ])
  func `an invalid choice lists the choices and suggests the closest`(
    text: String, suggestion: String
  ) {
    #expect(
      lines("x: \(text)") { $0.choice("x", of: Scenario.Optimizer.self) }
        == ["s.yaml:1:4: x: expected one of adam, adamw and sgd, found \"\(text)\"; \(suggestion)"])
  }

  @Test func `an omitted value takes its default`() throws {
    let document = try ConfigurationDocument(text: "{}", name: "s.yaml")
    try document.read { root in
      #expect(root.string("a", default: "x") == "x")
      #expect(root.boolean("b", default: true))
      #expect(root.integer("c", in: 1...3, default: 2) == 2)
      #expect(root.number("d", default: 0.5) == 0.5)
      #expect(root.choice("e", default: Scenario.Optimizer.sgd) == .sgd)
      #expect(root.quantity("f", default: Span(seconds: 3)) == Span(seconds: 3))
      #expect(root.strings("g", default: ["y"]) == ["y"])
      #expect(root.optionalString("h") == nil)
      #expect(root.optionalInteger("i") == nil)
      #expect(root.optionalBoolean("j") == nil)
      #expect(root.optionalNumber("k") == nil)
      #expect(root.optionalQuantity("l", Span.self) == nil)
      #expect(root.optionalChoice("m", of: Scenario.Optimizer.self) == nil)
      #expect(root.optionalSection("n") == nil)
      #expect(root.sections("o", isRequired: false).isEmpty)
    }
  }

  @Test func `placeholders stay within the requested range`() {
    let text = "a: x\nb: x\nc: x\nd: x\ne: x\nf: x\ng: x\n"
    _ = lines(text) { root in
      #expect(root.integer("a", in: 5...9) == 5)
      #expect(root.integer("b", in: -9 ... -5) == -5)
      #expect(root.number("c", in: .above(3)) > 3)
      #expect((0.0.nextUp...0.25).contains(root.number("d", in: 0.0.nextUp...0.25)))
      #expect(root.quantity("e", in: Span(seconds: 1)...Span(seconds: 2)) == Span(seconds: 1))
      #expect(root.integers("f", in: 3...4) == [3])
      #expect(root.sections("g").count == 1)
    }
  }
}
