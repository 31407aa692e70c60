import Foundation

extension Outline {
  /// A closed polygon.
  static func polygon(_ points: [Point]) -> Outline {
    var outline = Outline(points[0])
    for point in points.dropFirst() { outline = outline.line(point) }
    return outline.closed()
  }

  static func line(_ from: Point, _ to: Point) -> Outline {
    Outline(from).line(to)
  }

  /// An axis-aligned rectangle given by two opposite corners.
  static func rectangle(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> Outline
  {
    polygon([
      Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom),
    ])
  }

  /// An axis-aligned rectangle with round corners.
  static func rounded(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, radius: Double
  ) -> Outline {
    let r = min(radius, (right - left) / 2, (bottom - top) / 2)
    return Outline(left + r, top)
      .line(right - r, top).curve(right, top, to: right, top + r)
      .line(right, bottom - r).curve(right, bottom, to: right - r, bottom)
      .line(left + r, bottom).curve(left, bottom, to: left, bottom - r)
      .line(left, top + r).curve(left, top, to: left + r, top)
      .closed()
  }

  static func circle(_ x: Double, _ y: Double, radius: Double) -> Outline {
    ellipse(x, y, radius, radius)
  }

  /// An ellipse of eight quadratic curves, which deviate from it by less than 0.1 % of its radius.
  static func ellipse(_ x: Double, _ y: Double, _ radiusX: Double, _ radiusY: Double) -> Outline {
    func at(_ angle: Double, _ reach: Double) -> Point {
      Point(x + radiusX * reach * cos(angle), y + radiusY * reach * sin(angle))
    }
    let step = Double.pi / 4
    let controlReach = 1 / cos(step / 2)
    var outline = Outline(at(0, 1))
    for index in 1...8 {
      let angle = Double(index) * step
      outline = outline.curve(at(angle - step / 2, controlReach), to: at(angle, 1))
    }
    return outline.closed()
  }

  /// A star with `points` tips at distance one from the centre and as many dents at distance
  /// `inner`; with `inner` equal to one, nearly a circle.
  static func star(points: Int, inner: Double, turn: Double = 0) -> Outline {
    polygon(
      (0..<(2 * points)).map { index in
        let angle = Double.pi * Double(index) / Double(points) + turn
        let reach = index.isMultiple(of: 2) ? 1 : inner
        return Point(reach * sin(angle), -reach * cos(angle))
      })
  }
}
