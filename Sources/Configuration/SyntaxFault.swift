import Yams

/// What the YAML parser could not read, in words that say what to do about it.
struct SyntaxFault {
  let message: String
  let position: TextPosition?

  init(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, let text),
      .parser(let context, let problem, let mark, let text),
      .composer(let context, let problem, let mark, let text):
      let isAboutItsBeginning = Self.problemsOfTheBeginning.contains(problem)
      let mark = isAboutItsBeginning ? context?.mark ?? mark : mark
      let position = TextPosition(line: mark.line, column: mark.column)
      self.position = position
      message = Self.message(
        problem, openedInLine: context?.mark.line ?? mark.line,
        character: text.scalarIndex(at: position).map { text.unicodeScalars[$0] })
    default:
      position = nil
      message = "the YAML cannot be read; check its indentation, colons and quotation marks"
    }
  }

  /// What is noticed late and mended where the value began.
  private static let problemsOfTheBeginning = [
    "could not find expected ':'", "found unexpected end of stream",
  ]

  private static func message(
    _ problem: String, openedInLine line: Int, character: Unicode.Scalar?
  ) -> String {
    switch problem {
    case _ where problem.contains("tab character"),
      "found character that cannot start any token"
    where character == "\t":
      "a tab stands where YAML wants spaces; indent with spaces"
    case "found character that cannot start any token":
      "a value cannot begin with \(character.map(String.init) ?? "this"); put it in quotes"
    case "found unexpected ':'":
      "a colon without a space after it; write for example \"rounds: 20\", or put it in quotes"
    case "could not find expected ':'":
      "this is a key without a colon and a space after it; write for example \"rounds: 20\""
    case "mapping values are not allowed in this context":
      "a colon where no key can be; correct the indentation, or put a value with a colon in quotes"
    case "did not find expected key", "block sequence entries are not allowed in this context",
      "did not find expected '-' indicator", "mapping keys are not allowed in this context":
      "this does not line up with the lines above; correct the indentation"
    case "did not find expected ',' or '}'":
      "the { of line \(line) is not closed, or a comma is missing; write } or the comma"
    case "did not find expected ',' or ']'":
      "the [ of line \(line) is not closed, or a comma is missing; write ] or the comma"
    case "found unexpected end of stream":
      "the quotation mark that opens here is not closed; write the second one"
    case "found unknown escape character":
      "this backslash means nothing between double quotes; write two, or use single quotes"
    case "found undefined alias", "did not find expected alphabetic or numeric character":
      "anchors (&) and aliases (*) are not accepted; "
        + "write the value out, or put text that begins with & or * in quotes"
    case "did not find expected <document start>":
      "this belongs to nothing above it; correct the indentation, or remove it"
    case "but found another document":
      "a second document begins here; keep one document a file and remove the line ---"
    case _ where problem.hasPrefix("Maximum nesting level"):
      "lists and sections are nested too deeply; use fewer levels"
    default:
      "the YAML cannot be read here (\(problem)); check the indentation, colons and quotation marks"
    }
  }
}
