/// Text in gnuplot scripts and data files.
enum GnuplotText {
  /// The text in single quotes, in which gnuplot interprets no commands, macros or escapes; single
  /// quotes are doubled.
  static func quoted(_ text: String) -> String {
    "'" + line(text).replacing("'", with: "''") + "'"
  }

  /// A comment line.
  static func comment(_ text: String) -> String { "# " + line(text) }

  /// Script lines end at line feeds, even inside quotes.
  private static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : $0 }))
  }
}
