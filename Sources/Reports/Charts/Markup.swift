/// Text that stands in HTML, SVG or XML.
enum Markup {
  /// The text with the characters replaced that mean something in markup, in its content or between quotes.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // Control characters are no text in HTML; tab and line ends are.
      case _ where scalar.value < 32 && scalar != "\t" && scalar != "\n": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
