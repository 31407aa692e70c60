/// A Gantt chart of clients' tasks during a round: a bar with the phases of each task on a common
/// time axis.
struct GanttChart {
  struct Bar {
    /// In seconds of the chart's time axis.
    let start: Double
    let end: Double
    let look: String
  }

  struct Row {
    let name: String
    let bars: [Bar]
    let outcome: Outcome
    /// Whether the round ended with this task.
    let isLast: Bool
    let hint: String
  }

  let axis: LineChart.AxisSettings
  let rows: [Row]
  /// The end of the round in seconds.
  let end: Double

  func draw(_ size: ChartSize) -> SVGDrawing {
    let bars = rows.flatMap(\.bars)
    let x = Axis(
      axis.title, .seconds, covering: [0, end] + bars.flatMap { [$0.start, $0.end] },
      ticks: size == .narrow ? 3 : 8)
    let frame = RowFrame(x: x, labels: rows.map(\.name), size, rowHeight: 18, top: 22, margin: 18)
    var drawing = SVGDrawing(width: size.width, height: frame.height)
    let start = frame.place(0)!
    let finish = frame.place(end)!
    drawing.rectangle(start, frame.top, finish - start, frame.bottom - frame.top, "window")
    frame.draw(in: &drawing)
    for (index, row) in rows.enumerated() { draw(row, frame, index, in: &drawing) }
    drawing.line(finish, frame.top - 6, finish, frame.bottom, "target")
    let isRight = finish > (frame.left + frame.right) / 2
    drawing.text(
      "round ends", finish + (isRight ? -4 : 4), frame.top - 9, isRight ? .end : .start, "note")
    return drawing
  }

  private func draw(_ row: Row, _ frame: RowFrame, _ index: Int, in drawing: inout SVGDrawing) {
    let middle = frame.middle(of: index)
    for bar in row.bars {
      guard let start = frame.place(bar.start), let end = frame.place(bar.end) else { continue }
      drawing.rectangle(
        start, middle - 6, max(0.6, end - start), 12, bar.look, hint: row.hint)
    }
    guard let last = row.bars.last, let place = frame.place(last.end) else { return }
    drawing.shape(
      OutcomeStyle.marker(row.outcome, at: .init(x: place + 8, y: middle)),
      OutcomeStyle.look(row.outcome) + (row.isLast ? " last" : ""))
  }
}
