/// A line chart with two axes.
struct LineChart {
  struct Series {
    let name: String
    let points: [DataPoint]
    /// Half the height of each point's interval; empty without intervals.
    var intervals: [Double?] = []
    let style: SeriesStyle
  }

  struct AxisSettings {
    let title: String
    let quantity: Quantity
    var isLogarithmic = false
    var fromZero = false
    /// Values that get ticks instead of round numbers.
    var marked: [Double] = []
  }

  let x: AxisSettings
  let y: AxisSettings
  let series: [Series]
  /// A level marked by a dashed line.
  var target: Double?
  /// Whether to draw the line on which both axes are equal.
  var hasDiagonal = false

  /// The maximum number of markers on a line; more would hide it.
  private static let mostMarkers = 24

  func draw(_ size: ChartSize) -> SVGDrawing {
    let frame = PlotFrame(
      x: axis(x, values(\.x), size), y: axis(y, heights, size), size)
    var drawing = SVGDrawing(width: size.width, height: size.planeHeight)
    frame.draw(in: &drawing)
    drawTarget(frame, in: &drawing)
    if hasDiagonal, let low = frame.place(.init(x: 0, y: 0)),
      let high = frame.place(.init(x: 1, y: 1))
    {
      drawing.line(low.x, low.y, high.x, high.y, "target")
    }
    for (number, series) in series.enumerated() { draw(series, number, frame, in: &drawing) }
    return drawing
  }

  private func draw(
    _ series: Series, _ number: Int, _ frame: PlotFrame, in drawing: inout SVGDrawing
  ) {
    // Offsets series with intervals, which would hide each other.
    let shift =
      series.intervals.contains { $0 != nil }
      ? 5 * (Double(number) - Double(self.series.count - 1) / 2) : 0
    func place(_ point: DataPoint) -> SVGDrawing.Point? {
      frame.place(point).map { .init(x: $0.x + shift, y: $0.y) }
    }
    let places = series.points.map(place)
    drawing.polyline(places, series.style.line)
    for (point, interval) in zip(series.points, series.intervals) {
      guard let interval, let low = place(.init(x: point.x, y: point.y - interval)),
        let high = place(.init(x: point.x, y: point.y + interval))
      else { continue }
      drawing.line(low.x, low.y, high.x, high.y, "whisker s\(series.style.index % 8)")
      for end in [low, high] {
        drawing.line(end.x - 4, end.y, end.x + 4, end.y, "whisker s\(series.style.index % 8)")
      }
    }
    let every = max(1, (places.count + Self.mostMarkers - 1) / Self.mostMarkers)
    for (index, place) in places.enumerated()
    where index.isMultiple(of: every) || index == places.count - 1 {
      if let place { drawing.shape(series.style.marker(at: place, radius: 3.4), series.style.mark) }
    }
  }

  private func drawTarget(_ frame: PlotFrame, in drawing: inout SVGDrawing) {
    guard let target else { return }
    let height = frame.bottom - frame.y.scale.position(target) * (frame.bottom - frame.top)
    drawing.line(frame.left, height, frame.right, height, "target")
  }

  private func axis(_ settings: AxisSettings, _ values: [Double], _ size: ChartSize) -> Axis {
    let shown = settings.isLogarithmic ? values.filter { $0 > 0 } : values
    let axis = Axis(
      settings.title, settings.quantity, covering: shown,
      isLogarithmic: settings.isLogarithmic, fromZero: settings.fromZero, ticks: size.ticks)
    return settings.marked.isEmpty || settings.marked.count > size.ticks
      ? axis : axis.marked(settings.marked)
  }

  private func values(_ path: KeyPath<DataPoint, Double>) -> [Double] {
    series.flatMap { $0.points.map { $0[keyPath: path] } }
  }

  /// The values on the vertical axis, including the ends of intervals and the target.
  private var heights: [Double] {
    values(\.y)
      + series.flatMap { series in
        zip(series.points, series.intervals).flatMap { point, interval in
          interval.map { [point.y - $0, point.y + $0] } ?? []
        }
      } + [target].compactMap { $0 }
  }
}
