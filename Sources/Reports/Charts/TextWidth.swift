/// The estimated width of text, based on a common sans-serif font.
enum TextWidth {
  /// The font size in pixels, as in the style sheet.
  static let size = 12.0

  /// An upper estimate in pixels.
  static func of(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1) } * size
  }

  /// The text, truncated with an ellipsis if it does not fit.
  static func fitted(_ text: String, _ room: Double) -> String {
    if of(text) <= room { return text }
    var short = text
    while !short.isEmpty, of(short + "…") > room { short.removeLast() }
    return short + "…"
  }

  private static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "'", ".", ",", ":", ";", "|", "!", " ", "\u{202F}": 0.34
    case "f", "r", "t", "(", ")", "[", "]", "/", "\\", "-", "\"", "1": 0.56
    case "m", "w", "M", "W", "%", "@", "…", "—": 1
    case "A"..."Z", "&", "+", "<", ">", "=", "×": 0.82
    case _ where scalar.value > 0x2000: 1.1
    default: 0.64
    }
  }
}
