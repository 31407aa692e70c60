/// The colours that captions name. A colour between two names has none.
enum ColourName: String, CaseIterable {
  case black, grey, white, red, orange, yellow, green, blue, purple, pink, brown

  init?(_ colour: Colour) {
    let value = colour.max()
    let chroma = value - colour.min()
    if chroma < 0.06 || (value < 0.14 && chroma < 0.1) {
      switch value {
      case ..<0.16: self = .black
      case 0.3..<0.72: self = .grey
      case 0.86...: self = .white
      default: return nil
      }
      return
    }
    let saturation = chroma / value
    guard saturation > 0.3, value > 0.28 else { return nil }
    switch Self.hue(colour, value: value, chroma: chroma) {
    case ..<12, 348...:
      if saturation < 0.5, value > 0.75 { self = .pink } else { self = .red }
    case 18..<42:
      if value < 0.62 {
        self = .brown
      } else if value > 0.75, saturation > 0.55 {
        self = .orange
      } else {
        return nil
      }
    case 50..<66 where value > 0.6: self = .yellow
    case 80..<160: self = .green
    case 196..<252: self = .blue
    case 264..<294: self = .purple
    case 302..<340 where value > 0.6: self = .pink
    default: return nil
    }
  }

  /// The hue in degrees: 0 is red, 120 green, 240 blue.
  private static func hue(_ colour: Colour, value: Float, chroma: Float) -> Float {
    let turn: Float
    if value == colour.x {
      turn = (colour.y - colour.z) / chroma
    } else if value == colour.y {
      turn = (colour.z - colour.x) / chroma + 2
    } else {
      turn = (colour.x - colour.y) / chroma + 4
    }
    return turn < 0 ? (turn + 6) * 60 : turn * 60
  }
}
