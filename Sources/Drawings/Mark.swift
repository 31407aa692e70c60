/// A stroke or filled shape of a drawing.
struct Mark {
  /// The paint of a mark.
  enum Ink {
    /// The drawing's main colour, which carries the pattern.
    case fabric
    /// The drawing's accent colour, for soles, belts and prints.
    case accent
    /// Darker for negative amounts, lighter for positive ones, from -1 (black) to 1 (white).
    case shade(Double)
  }

  var outline: Outline
  /// The pen width, or nil to fill the outline.
  var pen: Double?
  var ink: Ink
  /// Whether the mark is clipped to what has already been drawn.
  var isConfined: Bool

  var bounds: Bounds {
    outline.bounds.grown(by: (pen ?? 0) / 2)
  }
}
