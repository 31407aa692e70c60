import Foundation

extension Double {
  /// Decimal notation, independent of the user's locale.
  func fixed(_ decimals: Int) -> String {
    String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), self)
  }

  /// At least three significant digits, without an exponent: 0.0123, 4.56, 78.9, 1234.
  var significant: String {
    guard isFinite else { return "\(self)" }
    let magnitude = self == 0 ? 0 : Int(log10(abs(self)).rounded(.down))
    return fixed(Swift.max(0, Swift.min(12, 2 - magnitude)))
  }

  /// The smallest sufficient number of decimals, up to a maximum: 2, 2.5, 0.05.
  func short(_ decimals: Int) -> String {
    let text = fixed(decimals)
    guard decimals > 0 else { return text == "-0" ? "0" : text }
    let digits = text.reversed().drop { $0 == "0" }
    let trimmed = String((digits.first == "." ? digits.dropFirst() : digits).reversed())
    return trimmed == "-0" ? "0" : trimmed
  }

  /// A whole number with thin spaces between thousands: 1 907 072.
  var grouped: String {
    let digits = abs(rounded()).fixed(0)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "\u{202F}" }
      text.append(digit)
    }
    return (rounded() < 0 ? "−" : "") + text
  }

  /// The number as written to a table: whole numbers without a decimal point, others so that they
  /// parse to the same value.
  var plain: String {
    self == rounded() && abs(self) < 0x1p53 ? fixed(0) : "\(self)"
  }
}
