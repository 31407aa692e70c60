/// Rows of dots on a horizontal axis, optionally with intervals.
struct DotChart {
  struct Dot {
    let value: Double
    /// Half the width of its interval.
    var interval: Double?
    let style: SeriesStyle
    /// Displayed next to the dot.
    var label = ""
  }

  struct Row {
    let name: String
    let dots: [Dot]
  }

  let axis: LineChart.AxisSettings
  let rows: [Row]
  /// Whether to stack the dots of a row vertically, so that none hides another.
  var isSpread = false

  func draw(_ size: ChartSize) -> SVGDrawing {
    let isLogarithmic = axis.isLogarithmic
    let values = rows.flatMap(\.dots).flatMap { dot in
      [dot.value] + (dot.interval.map { [dot.value - $0, dot.value + $0] } ?? [])
    }.filter { !isLogarithmic || $0 > 0 }
    let x = Axis(
      axis.title, axis.quantity, covering: values, isLogarithmic: isLogarithmic,
      fromZero: axis.fromZero, ticks: size == .narrow ? 3 : 6)
    let most = isSpread ? max(1, rows.map(\.dots.count).max() ?? 1) : 1
    let frame = RowFrame(
      x: x, labels: rows.map(\.name), size, rowHeight: 14 + 20 * Double(most))
    var drawing = SVGDrawing(width: size.width, height: frame.height)
    frame.draw(in: &drawing)
    for (index, row) in rows.enumerated() {
      let middle = frame.middle(of: index)
      for (place, dot) in row.dots.enumerated() {
        let offset = isSpread ? 20 * (Double(place) - Double(row.dots.count - 1) / 2) : 0
        if offset != 0 || place == 0 {
          drawing.line(frame.left, middle + offset, frame.right, middle + offset, "rail")
        }
        draw(dot, frame, at: middle + offset, in: &drawing)
      }
    }
    return drawing
  }

  private func draw(_ dot: Dot, _ frame: RowFrame, at middle: Double, in drawing: inout SVGDrawing)
  {
    guard let place = frame.place(dot.value) else { return }
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
    // After the dot if there is room, otherwise before it.
    let width = TextWidth.of(dot.label) + 10
    if place + width < frame.right + 8 {
      drawing.text(dot.label, place + 10, middle + 4, .start, "note halo")
    } else {
      drawing.text(dot.label, place - 10, middle + 4, .end, "note halo")
    }
  }
}
