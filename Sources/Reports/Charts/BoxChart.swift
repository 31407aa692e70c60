/// A box plot: whiskers from the minimum to the maximum, a box for the middle half, and a line at
/// the median.
struct BoxChart {
  struct Row {
    let name: String
    let quantiles: Quantiles
    let style: SeriesStyle
  }

  let axis: LineChart.AxisSettings
  let rows: [Row]
  /// Levels marked by dashed lines, each with the marker of its series.
  var levels: [(level: Double, style: SeriesStyle)] = []

  func draw(_ size: ChartSize) -> SVGDrawing {
    let values = rows.flatMap { [$0.quantiles.least, $0.quantiles.most] } + levels.map(\.level)
    let x = Axis(
      axis.title, axis.quantity, covering: values, isLogarithmic: axis.isLogarithmic,
      fromZero: axis.fromZero, ticks: size == .narrow ? 3 : 6)
    let frame = RowFrame(
      x: x, labels: rows.map(\.name), size, rowHeight: 30, top: levels.isEmpty ? 6 : 18)
    var drawing = SVGDrawing(width: size.width, height: frame.height)
    frame.draw(in: &drawing)
    for level in levels {
      guard let place = frame.place(level.level) else { continue }
      drawing.line(place, frame.top - 4, place, frame.bottom, "target s\(level.style.index % 8)")
      drawing.shape(
        level.style.marker(at: .init(x: place, y: frame.top - 8), radius: 4), level.style.mark)
    }
    for (index, row) in rows.enumerated() { draw(row, frame, index, in: &drawing) }
    return drawing
  }

  private func draw(_ row: Row, _ frame: RowFrame, _ index: Int, in drawing: inout SVGDrawing) {
    let quantiles = row.quantiles
    let middle = frame.middle(of: index)
    guard let least = frame.place(quantiles.least), let most = frame.place(quantiles.most),
      let lower = frame.place(quantiles.lower), let upper = frame.place(quantiles.upper),
      let median = frame.place(quantiles.median)
    else { return }
    drawing.line(least, middle, most, middle, "whisker box-line")
    for end in [least, most] { drawing.line(end, middle - 4, end, middle + 4, "whisker box-line") }
    drawing.rectangle(
      lower, middle - 8, max(1, upper - lower), 16, "box",
      hint: "\(row.name): median \(axis.quantity.spelled(quantiles.median))")
    drawing.line(median, middle - 8, median, middle + 8, "median")
  }
}
