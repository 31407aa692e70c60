/// Rows of dots on a horizontal axis, some with an interval.
struct DotChart {
  struct Dot {
    let value: Double
    /// Half the width of its interval.
    var interval: Double?
    let style: SeriesStyle
    /// Stands beside the dot; empty where another is too near.
    var label = ""
  }

  struct Row {
    let name: String
    let dots: [Dot]
  }

  let axis: LineChart.AxisSettings
  let rows: [Row]
  /// Levels that a dashed line marks, with their names.
  var targets: [(level: Double, name: String)] = []

  func draw(_ size: ChartSize) -> SVGDrawing {
    let isLogarithmic = axis.isLogarithmic
    let values = rows.flatMap(\.dots).flatMap { dot in
      [dot.value] + (dot.interval.map { [dot.value - $0, dot.value + $0] } ?? [])
    }.filter { !isLogarithmic || $0 > 0 }
    let x = Axis(
      axis.title, axis.quantity, covering: values + targets.map(\.level),
      isLogarithmic: isLogarithmic, fromZero: axis.fromZero, ticks: size == .narrow ? 3 : 6)
    let frame = RowFrame(
      x: x, labels: rows.map(\.name), size, rowHeight: 34, top: targets.isEmpty ? 6 : 22)
    var drawing = SVGDrawing(width: size.width, height: frame.height)
    frame.draw(in: &drawing)
    for target in targets {
      guard let place = frame.place(target.level) else { continue }
      drawing.line(place, frame.top - 4, place, frame.bottom, "target")
      drawing.text(target.name, place, frame.top - 8, .middle, "note")
    }
    for (index, row) in rows.enumerated() {
      drawing.line(frame.left, frame.middle(of: index), frame.right, frame.middle(of: index), "rail")
      for dot in row.dots { draw(dot, frame, row: index, in: &drawing) }
    }
    return drawing
  }

  private func draw(_ dot: Dot, _ frame: RowFrame, row: Int, in drawing: inout SVGDrawing) {
    guard let place = frame.place(dot.value) else { return }
    let middle = frame.middle(of: row)
    if let interval = dot.interval, let low = frame.place(dot.value - interval),
      let high = frame.place(dot.value + interval)
    {
      drawing.line(low, middle, high, middle, "whisker s\(dot.style.index % 8)")
      for end in [low, high] {
        drawing.line(end, middle - 5, end, middle + 5, "whisker s\(dot.style.index % 8)")
      }
    }
    drawing.shape(
      dot.style.marker(at: .init(x: place, y: middle), radius: 5), dot.style.mark)
    guard !dot.label.isEmpty else { return }
    // Behind the dot where there is room, else before it.
    let width = TextWidth.of(dot.label) + 10
    if place + width < frame.right + 8 {
      drawing.text(dot.label, place + 9, middle - 6, .start, "note halo")
    } else {
      drawing.text(dot.label, place - 9, middle - 6, .end, "note halo")
    }
  }
}
