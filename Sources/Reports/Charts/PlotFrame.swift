/// The plot area between two axes, with grid, ticks and titles.
struct PlotFrame {
  let x: Axis
  let y: Axis
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  /// Reserves the space needed by the labels.
  init(x: Axis, y: Axis, _ size: ChartSize, height: Double? = nil) {
    self.x = x
    self.y = y
    left = 26 + (y.ticks.map { TextWidth.of($0.label) }.max() ?? 0)
    right = size.width - max(14, (x.ticks.last.map { TextWidth.of($0.label) } ?? 0) / 2 + 2)
    top = 12
    bottom = (height ?? size.planeHeight) - 42
  }

  /// The position of a data point; nil if it is outside the scales.
  func place(_ point: DataPoint) -> SVGDrawing.Point? {
    guard x.scale.holds(point.x), y.scale.holds(point.y) else { return nil }
    return SVGDrawing.Point(
      x: left + x.scale.position(point.x) * (right - left),
      y: bottom - y.scale.position(point.y) * (bottom - top))
  }

  func draw(in drawing: inout SVGDrawing) {
    for tick in y.ticks {
      let height = bottom - y.scale.position(tick.value) * (bottom - top)
      drawing.line(left, height, right, height, "grid")
      drawing.text(tick.label, left - 6, height + 4, .end, "tick")
    }
    for tick in x.ticks {
      let place = left + x.scale.position(tick.value) * (right - left)
      drawing.line(place, top, place, bottom, "grid")
      drawing.text(tick.label, place, bottom + 16, .middle, "tick")
    }
    drawing.line(left, bottom, right, bottom, "axis")
    drawing.line(left, top, left, bottom, "axis")
    drawing.text(x.title, (left + right) / 2, bottom + 36, .middle, "label")
    drawing.text(y.title, 12, (top + bottom) / 2, .middle, "label", turned: true)
  }
}

/// A data point in the units of the axes.
struct DataPoint: Equatable {
  let x: Double
  let y: Double
}
