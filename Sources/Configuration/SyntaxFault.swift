import Yams

/// A YAML syntax error, rephrased to say how to fix it.
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
      message = "the YAML is invalid; check its indentation, colons and quotation marks"
    }
  }

  /// Problems that the parser notices late and that are reported at the start of the value.
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
      "YAML does not allow tabs for indentation; indent with spaces"
    case "found character that cannot start any token":
      "a value cannot begin with \(character.map(String.init) ?? "this"); put it in quotes"
    case "found unexpected ':'":
      "a colon needs a space after it; write, for example, \"rounds: 20\", or put it in quotes"
    case "could not find expected ':'":
      "this is a key without a colon and a space after it; write, for example, \"rounds: 20\""
    case "mapping values are not allowed in this context":
      "a key is not allowed here; correct the indentation, or put a value that contains a colon in quotes"
    case "did not find expected key", "block sequence entries are not allowed in this context",
      "did not find expected '-' indicator", "mapping keys are not allowed in this context":
      "the indentation does not match the lines above; correct it"
    case "did not find expected ',' or '}'":
      "the { of line \(line) is not closed, or a comma is missing; write } or the comma"
    case "did not find expected ',' or ']'":
      "the [ of line \(line) is not closed, or a comma is missing; write ] or the comma"
    case "found unexpected end of stream":
      "the quotation mark that opens here is not closed; add the closing one"
    case "found unknown escape character":
      "this backslash sequence is not a valid escape; write two backslashes, or use single quotes"
    case "found undefined alias", "did not find expected alphabetic or numeric character":
      "anchors (&) and aliases (*) are not accepted; "
        + "repeat the value, or put text that begins with & or * in quotes"
    case "did not find expected <document start>":
      "this does not belong to any key above; correct the indentation, or remove it"
    case "but found another document":
      "a second document begins here; keep one document per file and remove the line ---"
    case _ where problem.hasPrefix("Maximum nesting level"):
      "lists and sections are nested too deeply; use fewer levels"
    default:
      "the YAML is invalid here (\(problem)); check the indentation, colons and quotation marks"
    }
  }
}
