/// The appearance of a series: a distinct colour, dash pattern and marker shape, so that colour is
/// not the only cue.
struct SeriesStyle: Equatable {
  /// The index of the series among all.
  let index: Int

  static let count = 8

  /// The class of its lines; the style sheet defines colours and dashes.
  var line: String { "line s\(index % Self.count) d\((index + index / Self.count) % Self.count)" }

  /// The class of its marks: filled, and hollow when a colour repeats.
  var mark: String {
    "mark s\(index % Self.count)" + (index / Self.count % 2 == 1 ? " hollow" : "")
  }

  /// The outline of its marker around a point.
  ///
  /// - Parameter radius: the radius of a circle with the same visual weight.
  func marker(at point: SVGDrawing.Point, radius r: Double = 4) -> String {
    func path(_ corners: [(Double, Double)]) -> String {
      corners.enumerated().map { place, corner in
        "\(place == 0 ? "M" : "L")\(SVGDrawing.number(point.x + r * corner.0)) "
          + SVGDrawing.number(point.y + r * corner.1)
      }.joined() + "Z"
    }
    switch index % Self.count {
    case 0:
      let (x, y) = (SVGDrawing.number(point.x - r), SVGDrawing.number(point.y))
      let (radius, width) = (SVGDrawing.number(r), SVGDrawing.number(2 * r))
      return
        "M\(x) \(y)a\(radius) \(radius) 0 1 0 \(width) 0a\(radius) \(radius) 0 1 0 -\(width) 0Z"
    case 1: return path([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: return path([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
    case 3: return path([(0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)])
    case 4: return path([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
    case 5:
      return path([
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2),
        (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
      ])
    case 6: return path([(0, -1.2), (1.15, -0.35), (0.7, 1), (-0.7, 1), (-1.15, -0.35)])
    default: return path([(1.2, 0), (-0.8, 1.1), (-0.8, -1.1)])
    }
  }
}
