/// One stroke or filled shape of a drawing.
struct Mark {
  /// What a mark is made of.
  enum Ink {
    /// The drawing's main colour; patterns lie on it.
    case fabric
    /// The drawing's other colour, for soles, belts and prints.
    case accent
    /// Darker for negative amounts, lighter for positive ones, from -1 (black) to 1 (white).
    case shade(Double)
  }

  var outline: Outline
  /// The width of the pen, or nil where the outline is filled.
  var pen: Double?
  var ink: Ink
  /// Whether the mark shows only where something has been drawn before.
  var isConfined: Bool

  var bounds: Bounds {
    outline.bounds.grown(by: (pen ?? 0) / 2)
  }
}
