import Configuration
import Foundation
import Testing

struct DocumentTests {
  @Test func `a valid scenario is read`() throws {
    let scenario = try ConfigurationDocument(text: scenarioText, name: "s.yaml")
      .read(Scenario.init)
    #expect(scenario.name == "uneven-phones")
    #expect(scenario.trainSamples == 12000)
    #expect(scenario.partition == .dirichlet)
    #expect(scenario.methods.map(\.name) == ["flora", "fedfft"])
    #expect(scenario.methods.map(\.modules) == [["out_proj"], []])
    #expect(scenario.medianSpeeds.map(\.floatingPointOperationsPerSecond) == [60e9, 8e9])
    #expect(scenario.deadline == nil)
  }

  @Test func `all errors in a file are reported together in line order`() throws {
    let text =
      scenarioText
      .replacing("rounds: 20", with: "rounds: ten")
      .replacing("105 Mbps", with: "105")
      .replacing("seed: 7", with: "sed: 7")
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationDocument(text: text, name: "scenario.yaml").read(Scenario.init)
    }
    #expect(
      error?.description == """
        scenario.yaml:2:1: sed: there is no such key; did you mean "seed"?
        scenario.yaml:23:17: fleet.classes[0].download: expected a data rate above zero, \
        found "105"; it needs a unit (bps, kbps, Mbps and Gbps); write, for example, 15 Mbps
        scenario.yaml:27:11: server.rounds: expected a whole number of at least 1, \
        found "ten"; write, for example, 20
        """)
    #expect(error?.faults.map(\.line) == [2, 23, 27])
    #expect(error?.faults.map(\.column) == [1, 17, 11])
    #expect(error?.faults.last?.keyPath == "server.rounds")
  }

  @Test(arguments: ["\r\n", "\n"], ["\u{FEFF}", ""])
  func `Windows line ends and a byte order mark do not change positions`(
    lineEnd: String, mark: String
  ) {
    let text = mark + scenarioText.replacing("\n", with: lineEnd)
    #expect(lines(text, Scenario.init) == [])
    #expect(
      lines(text.replacing("rounds: 20", with: "rounds: ten"), Scenario.init).map { $0.prefix(11) }
        == ["s.yaml:27:1"])
  }

  @Test(arguments: ["", "\n\n", "# nothing\n", "---\n", "~"])
  func `a file without keys is reported as empty`(text: String) {
    #expect(
      lines(text) { _ in }
        == [
          "s.yaml: the file is empty; write, for example, \"name: my-scenario\" "
            + "and further keys below it"
        ])
  }

  @Test(arguments: [("- a", "a list"), ("just text", "\"just text\"")])
  func `a file that is not a section is reported`(text: String, found: String) {
    #expect(
      lines(text) { _ in }
        == [
          "s.yaml:1:1: expected a section of keys, found \(found); "
            + "write, for example, \"name: my-scenario\" and further keys below it"
        ])
  }

  @Test func `a repeated key is one error among others`() {
    let text = "a: x\nb: 2\na: 3\n'b': 4\nc: { d: 1, d: 2, d: 3 }\n"
    let lines = lines(text) {
      ($0.integer("a"), $0.integer("b"), $0.section("c").integer("d"))
    }
    #expect(
      lines == [
        "s.yaml:1:4: a: expected a whole number, found \"x\"; write, for example, 1",
        "s.yaml:3:1: a: the key appears more than once (first in line 1); remove all but one",
        "s.yaml:4:1: b: the key appears more than once (first in line 2); remove all but one",
        "s.yaml:5:12: c.d: the key appears more than once (first in line 5); remove all but one",
        "s.yaml:5:18: c.d: the key appears more than once (first in line 5); remove all but one",
      ])
  }

  @Test func `a large file with one repeated key is rejected in linear time`() {
    let text = String(repeating: "a: 1\n", count: 50_000)
    #expect(
      lines(text) { $0.integer("a") } == [
        "s.yaml:8:1: the same key appears more than once in one section; remove all but one (a)"
      ])
  }

  @Test(arguments: [
    ("a: 1\n\tb: 2", "2:1: YAML does not allow tabs for indentation; indent with spaces"),
    (
      "a: 1\n b: 2",
      "2:3: a key is not allowed here; correct the indentation, "
        + "or put a value that contains a colon in quotes"
    ),
    (
      "a:\n  b: 1\n c: 2",
      "3:2: the indentation does not match the lines above; correct it"
    ),
    ("a: @x", "1:4: a value cannot begin with @; put it in quotes"),
    (
      "a: { b: 1\nc: 2",
      "2:2: the { of line 1 is not closed, or a comma is missing; "
        + "write } or the comma"
    ),
    (
      "a: [1, 2\nb: 1",
      "2:2: the [ of line 1 is not closed, or a comma is missing; "
        + "write ] or the comma"
    ),
    ("a: \"x\nb: 2", "1:4: the quotation mark that opens here is not closed; add the closing one"),
    (
      "a: \"\\q\"",
      "1:5: this backslash sequence is not a valid escape; write two backslashes, or use single quotes"
    ),
    (
      "a: 1\nb\nc: 1",
      "2:1: this is a key without a colon and a space after it; write, for example, \"rounds: 20\""
    ),
    (
      "a: 1\n---\nb: 2",
      "2:1: a second document begins here; keep one document per file and remove the line ---"
    ),
    (
      "\"a\"\nb: 1",
      "2:1: this does not belong to any key above; correct the indentation, or remove it"
    ),
    ("a: \u{7}", "1:4: there is an invisible control character here; remove it"),
    ("a: 1\nb: x\u{0}", "2:5: there is an invisible control character here; remove it"),
    ("a: !!int 3", "1:4: a: the tag tag:yaml.org,2002:int is not accepted; remove it"),
    ("[a]: 3", "1:1: a key must be plain text; write, for example, \"rounds: 20\""),
  ])
  func `a YAML syntax error is reported at its location`(text: String, line: String) {
    #expect(lines(text) { root in _ = root.has("a") } == ["s.yaml:\(line)"])
  }

  @Test(arguments: [
    (
      "a: &x 1\nb: *x",
      "1:4: the anchor &x is not accepted; "
        + "repeat the value wherever it is needed, or put text that begins with & in quotes"
    ),
    (
      "a: *x",
      "1:4: anchors (&) and aliases (*) are not accepted; "
        + "repeat the value, or put text that begins with & or * in quotes"
    ),
  ])
  func `anchors and aliases are not accepted`(text: String, line: String) {
    #expect(lines(text) { root in _ = root.has("a") } == ["s.yaml:\(line)"])
  }

  @Test func `ampersands and asterisks in text are text`() {
    #expect(lines("a: \"&x *x\"\nb: salt & pepper * 2") { ($0.string("a"), $0.string("b")) } == [])
  }

  @Test func `an alias bomb is rejected before it expands`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<30 {
      let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(alias)]\n"
    }
    text += "? *a29\n: bomb\n? *a29\n: twice\n"
    let lines = lines(text) { _ in }
    #expect(lines.count == 30)
    #expect(lines.first?.hasPrefix("s.yaml:1:5: the anchor &a0 is not accepted;") == true)
  }

  @Test(arguments: ["[", "{", "- ", "a: {", "? "])
  func `deep nesting is rejected`(opening: String) {
    let lines = lines(String(repeating: opening, count: 20_000)) { _ in }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("nested too deeply; use fewer levels") == true, "\(lines)")
  }

  @Test func `nesting beyond our limit but within the parser's is rejected with its location`() {
    let text = "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(
      lines(text) { root in _ = root.has("a") }.map { $0.prefix(13) } == ["s.yaml:1:36: "])
  }
}

struct FileTests {
  @Test func `missing files, directories and foreign encodings are distinguished`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func message(_ name: String, _ bytes: [UInt8]? = nil) throws -> String? {
      let file = name.isEmpty ? folder : folder.appending(path: name)
      if let bytes { try Data(bytes).write(to: file) }
      do throws(ConfigurationError) {
        _ = try ConfigurationDocument(file: file)
        return nil
      } catch {
        return error.description.replacing(folder.path, with: "…")
      }
    }
    #expect(try message("none.yaml") == "…/none.yaml: there is no such file; check the path")
    #expect(try message("") == "…: this is a directory; name a YAML file in it")
    #expect(
      try message("a.yaml", Array("a: 1\nb: ".utf8) + [0xE4, 0x0A])
        == "…/a.yaml:2:1: this line is not UTF-8 text; save the file as UTF-8")
    #expect(
      try message("b.yaml", [0xFF, 0xFE, 0x61, 0x00])
        == "…/b.yaml: the file is encoded in UTF-16; save it as UTF-8")
    for bytes in [[0xFF, 0xFE, 0x00, 0x00, 0x61], [0x00, 0x00, 0xFE, 0xFF, 0x00]] as [[UInt8]] {
      #expect(
        try message("b.yaml", bytes)
          == "…/b.yaml: the file is encoded in UTF-32; save it as UTF-8")
    }
    #expect(
      try message("c.yaml", [UInt8](repeating: 0x61, count: 1_000_001))
        == "…/c.yaml: the file is larger than 1 MB; "
        + "a scenario has a few kilobytes, check the path")
    #expect(try message("d.yaml", Array("\u{FEFF}a: 1".utf8)) == nil)
  }
}
