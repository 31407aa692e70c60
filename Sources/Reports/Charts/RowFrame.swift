/// Labelled rows above a horizontal axis.
struct RowFrame {
  let x: Axis
  let labels: [String]
  let left: Double
  let right: Double
  let top: Double
  let rowHeight: Double

  /// - Parameter margin: the space on the right for text after each row.
  init(
    x: Axis, labels: [String], _ size: ChartSize, rowHeight: Double, top: Double = 6,
    margin: Double = 0
  ) {
    self.x = x
    self.labels = labels
    self.rowHeight = rowHeight
    self.top = top
    left = 10 + min(labels.map(TextWidth.of).max() ?? 0, size.width * 0.36)
    let lastTick = (x.ticks.last.map { TextWidth.of($0.label) } ?? 0) / 2
    right = size.width - max(12, lastTick + 2, margin)
  }

  var bottom: Double { top + Double(labels.count) * rowHeight }
  /// Includes the ticks and the axis title.
  var height: Double { bottom + 42 }

  /// The vertical centre of a row.
  func middle(of row: Int) -> Double { top + (Double(row) + 0.5) * rowHeight }

  /// The position of a value; nil if it is outside the scale.
  func place(_ value: Double) -> Double? {
    x.scale.holds(value) ? left + x.scale.position(value) * (right - left) : nil
  }

  func draw(in drawing: inout SVGDrawing) {
    for tick in x.ticks {
      guard let place = place(tick.value) else { continue }
      drawing.line(place, top, place, bottom, "grid")
      drawing.text(tick.label, place, bottom + 16, .middle, "tick")
    }
    drawing.line(left, bottom, right, bottom, "axis")
    drawing.text(x.title, (left + right) / 2, bottom + 36, .middle, "label")
    for (row, label) in labels.enumerated() {
      drawing.text(
        TextWidth.fitted(label, left - 10), left - 8, middle(of: row) + 4, .end, "tick")
    }
  }
}
