/// Text that stands in gnuplot's scripts and data files.
enum GnuplotText {
  /// The text between single quotes, in which gnuplot takes nothing for a command, a macro or an escape; a single
  /// quote is written twice.
  static func quoted(_ text: String) -> String {
    "'" + line(text).replacing("'", with: "''") + "'"
  }

  /// A comment's line.
  static func comment(_ text: String) -> String { "# " + line(text) }

  /// A script's lines end at line feeds, also between quotes.
  private static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : $0 }))
  }
}
