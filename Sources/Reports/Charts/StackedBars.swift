/// Rows of stacked bars.
struct StackedBars {
  struct Part {
    let value: Double
    /// The class that determines its appearance.
    let look: String
    let hint: String
  }

  struct Row {
    let name: String
    let parts: [Part]
    /// The total, displayed after the bar.
    let total: String
  }

  let title: String
  let rows: [Row]

  func draw(_ size: ChartSize) -> SVGDrawing {
    let x = Axis(title, .share, covering: [0, 1], ticks: size == .narrow ? 3 : 5)
    let frame = RowFrame(
      x: x, labels: rows.map(\.name), size, rowHeight: 26,
      margin: 10 + (rows.map { TextWidth.of($0.total) }.max() ?? 0))
    var drawing = SVGDrawing(width: size.width, height: frame.height)
    frame.draw(in: &drawing)
    for (index, row) in rows.enumerated() {
      let whole = row.parts.reduce(0) { $0 + $1.value }
      var sum = 0.0
      for part in row.parts where part.value > 0 {
        let start = frame.left + sum / whole * (frame.right - frame.left)
        sum += part.value
        let end = frame.left + sum / whole * (frame.right - frame.left)
        // A gap between parts, unless the part is too narrow.
        drawing.rectangle(
          start, frame.middle(of: index) - 9, max(0.6, end - start - 1), 18, part.look,
          hint: part.hint)
      }
      drawing.text(row.total, frame.right + 6, frame.middle(of: index) + 4, .start, "tick")
    }
    return drawing
  }
}
