/// An SVG picture built from marks, in units of CSS pixels at its natural width.
///
/// Colours come from the page: marks have classes, which its style sheet colours for light mode,
/// dark mode and print.
struct SVGDrawing {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start, middle, end
  }

  /// - Parameters:
  ///   - title: what the picture shows, for screen readers.
  ///   - description: the content in words.
  ///   - identifier: unique in the page.
  func text(title: String, description: String, identifier: String, classes: String) -> String {
    let size = "\(width.short(1)) \(height.short(1))"
    return """
      <svg class="\(classes)" viewBox="0 0 \(size)" role="img" \
      aria-labelledby="\(identifier)-t \(identifier)-d"><title id="\(identifier)-t">\
      \(Markup.escaped(title))</title><desc id="\(identifier)-d">\(Markup.escaped(description))</desc>
      \(body)</svg>
      """
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: String) {
    body +=
      "<path class=\"\(classes)\" d=\"M\(Self.number(x1)) \(Self.number(y1))L\(Self.number(x2)) \(Self.number(y2))\"/>\n"
  }

  /// Draws a line through points, with a gap at each nil.
  mutating func polyline(_ points: [Point?], _ classes: String) {
    var path = ""
    var isDown = false
    for point in points {
      guard let point else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(Self.number(point.x)) \(Self.number(point.y))"
      isDown = true
    }
    if !path.isEmpty { body += "<path class=\"\(classes)\" d=\"\(path)\"/>\n" }
  }

  mutating func shape(_ path: String, _ classes: String) {
    body += "<path class=\"\(classes)\" d=\"\(path)\"/>\n"
  }

  /// - Parameter hint: the tooltip of the rectangle.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ classes: String,
    hint: String? = nil
  ) {
    let attributes =
      "class=\"\(classes)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
      + "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    body +=
      hint.map { "<rect \(attributes)><title>\(Markup.escaped($0))</title></rect>\n" }
      ?? "<rect \(attributes)/>\n"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ classes: String = "",
    turned: Bool = false
  ) {
    let place = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    let turn = turned ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    let look = classes.isEmpty ? "" : " class=\"\(classes)\""
    body +=
      "<text \(place) text-anchor=\"\(anchor.rawValue)\"\(look)\(turn)>\(Markup.escaped(text))</text>\n"
  }

  struct Point: Equatable {
    let x: Double
    let y: Double
  }

  /// Rounded to a hundredth of a pixel.
  static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let whole = abs(hundredths) / 100
    let rest = abs(hundredths) % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return rest % 10 == 0
      ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
