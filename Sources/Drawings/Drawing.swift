/// One thing, as shapes: what is drawn, but not yet in which colours, and where on the picture.
struct Drawing {
  /// The silhouette, in the fabric that bears the pattern.
  private(set) var body: [Mark] = []
  /// What lies on the body or beside it, drawn after the pattern.
  private(set) var details: [Mark] = []
  /// What a caption may say about it.
  var parts: [DrawingPart] = []
  /// A narrower name than those of the kind, such as "hoodie" for a pullover.
  var variant: DrawingName?

  /// The smallest upright rectangle around everything that shows beside the body, and the body.
  var bounds: Bounds {
    var bounds: Bounds?
    for mark in body + details where !mark.isConfined {
      bounds?.include(mark.bounds)
      bounds = bounds ?? mark.bounds
    }
    return bounds ?? Bounds(around: .zero)
  }

  mutating func fill(_ outline: Outline) {
    body.append(Mark(outline: outline, pen: nil, ink: .fabric, isConfined: false))
  }

  mutating func stroke(_ outline: Outline, _ pen: Double) {
    body.append(Mark(outline: outline, pen: pen, ink: .fabric, isConfined: false))
  }

  /// Adds a part in the other colour, inside the body or, where it is not confined, beside it.
  mutating func accent(_ outline: Outline, pen: Double? = nil, isConfined: Bool = true) {
    details.append(Mark(outline: outline, pen: pen, ink: .accent, isConfined: isConfined))
  }

  /// Darkens (below zero) or lightens a part of what is drawn.
  mutating func shade(_ outline: Outline, _ amount: Double, pen: Double? = nil) {
    details.append(Mark(outline: outline, pen: pen, ink: .shade(amount), isConfined: true))
  }

  /// Shades an outline and its mirror image.
  mutating func shadeBoth(_ outline: Outline, _ amount: Double, pen: Double? = nil) {
    shade(outline, amount, pen: pen)
    shade(outline.mirrored(), amount, pen: pen)
  }

  /// Fills an outline and its mirror image.
  mutating func fillBoth(_ outline: Outline) {
    fill(outline)
    fill(outline.mirrored())
  }
}
