/// A thing as vector shapes, without colours or a placement in the picture.
struct Drawing {
  /// The silhouette, in the fabric with the pattern.
  private(set) var body: [Mark] = []
  /// Details on or next to the body, drawn after the pattern.
  private(set) var details: [Mark] = []
  /// The parts that a caption may mention.
  var parts: [DrawingPart] = []
  /// A more specific name than the kind's, such as "hoodie" for a pullover.
  var variant: DrawingName?

  /// The bounding box of the body and of everything visible outside it.
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

  /// Adds a part in the accent colour, clipped to the body if confined.
  mutating func accent(_ outline: Outline, pen: Double? = nil, isConfined: Bool = true) {
    details.append(Mark(outline: outline, pen: pen, ink: .accent, isConfined: isConfined))
  }

  /// Darkens (below zero) or lightens a part of the drawing.
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
