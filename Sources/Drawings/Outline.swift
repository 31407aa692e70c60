/// A point in a drawing: x to the right, y downwards, in arbitrary units.
typealias Point = SIMD2<Double>

/// A path of straight lines and quadratic curves.
///
/// Garments seen from the front are symmetric about the axis x = 0, so half of an outline is
/// enough: see `symmetric()`.
struct Outline {
  /// A line to `end`, or a quadratic curve to `end` with the control point `control`.
  struct Segment {
    var control: Point?
    var end: Point
  }

  private(set) var start: Point
  private(set) var segments: [Segment] = []
  private(set) var isClosed = false

  init(_ start: Point) {
    self.start = start
  }

  init(_ x: Double, _ y: Double) {
    start = Point(x, y)
  }

  var end: Point { segments.last?.end ?? start }

  consuming func line(_ end: Point) -> Outline {
    segments.append(Segment(control: nil, end: end))
    return self
  }

  consuming func line(_ x: Double, _ y: Double) -> Outline {
    line(Point(x, y))
  }

  consuming func curve(_ control: Point, to end: Point) -> Outline {
    segments.append(Segment(control: control, end: end))
    return self
  }

  consuming func curve(
    _ controlX: Double, _ controlY: Double, to x: Double, _ y: Double
  ) -> Outline {
    curve(Point(controlX, controlY), to: Point(x, y))
  }

  consuming func closed() -> Outline {
    isClosed = true
    return self
  }

  /// Appends `other`, after a straight line to its start if necessary.
  consuming func joined(_ other: Outline) -> Outline {
    if other.start != end { segments.append(Segment(control: nil, end: other.start)) }
    segments += other.segments
    return self
  }

  /// The path traversed from end to start.
  func reversed() -> Outline {
    var result = Outline(end)
    for index in segments.indices.reversed() {
      let end = index == 0 ? start : segments[index - 1].end
      result.segments.append(Segment(control: segments[index].control, end: end))
    }
    result.isClosed = isClosed
    return result
  }

  /// The path mirrored at the axis x = 0.
  func mirrored() -> Outline {
    mapped { Point(-$0.x, $0.y) }
  }

  /// The closed shape of this path and its mirror image, for a half outline that starts and ends on
  /// the axis.
  func symmetric() -> Outline {
    joined(mirrored().reversed()).closed()
  }

  func mapped(_ move: (Point) -> Point) -> Outline {
    var result = self
    result.start = move(start)
    for index in segments.indices {
      if let control = segments[index].control { result.segments[index].control = move(control) }
      result.segments[index].end = move(segments[index].end)
    }
    return result
  }

  /// The bounding box of the path.
  var bounds: Bounds {
    var bounds = Bounds(around: start)
    var from = start
    for segment in segments {
      bounds.include(segment.end)
      if let control = segment.control {
        // Each coordinate of a quadratic curve has its extremum where its derivative is zero.
        for axis in 0..<2 {
          let bend = from[axis] - 2 * control[axis] + segment.end[axis]
          let turn = bend == 0 ? 0 : (from[axis] - control[axis]) / bend
          guard turn > 0, turn < 1 else { continue }
          let rest = 1 - turn
          bounds.include(
            from * (rest * rest) + control * (2 * rest * turn) + segment.end * (turn * turn))
        }
      }
      from = segment.end
    }
    return bounds
  }
}
