/// A picture with its legend and caption, and a table of its numbers below.
struct Figure {
  struct LegendEntry {
    enum Look {
      /// A line with its marker.
      case series(SeriesStyle)
      /// A marker only.
      case mark(SeriesStyle)
      /// A patch with the given class.
      case patch(String)
      case outcome(Outcome)
      /// A dashed line for a level.
      case target
    }

    let name: String
    let look: Look
  }

  /// Unique in the page.
  let identifier: String
  let title: String
  let caption: String
  var legend: [LegendEntry] = []
  /// Whether the picture takes the full width of a wide window.
  var isWide = false
  let table: DataTable
  let draw: (ChartSize) -> SVGDrawing

  /// The context for the page's template.
  var context: [String: Any] {
    [
      "identifier": identifier, "title": title, "caption": caption, "wide": isWide,
      "legend": legend.map { ["name": $0.name, "swatch": $0.swatch] },
      "drawings": (isWide ? ChartSize.allCases : [.narrow, .medium]).map { size in
        draw(size).text(
          title: title, description: caption, identifier: "\(identifier)-\(size.rawValue)",
          classes: "chart \(size.rawValue)")
      },
      "table": table.context,
    ]
  }
}

extension Figure.LegendEntry {
  /// A small picture of the legend entry.
  fileprivate var swatch: String {
    let middle = SVGDrawing.Point(x: 14, y: 7)
    let body =
      switch look {
      case .series(let style):
        "<path class=\"\(style.line)\" d=\"M0 7L28 7\"/>"
          + "<path class=\"\(style.mark)\" d=\"\(style.marker(at: middle))\"/>"
      case .mark(let style):
        "<path class=\"\(style.mark)\" d=\"\(style.marker(at: middle, radius: 5))\"/>"
      case .target: "<path class=\"target\" d=\"M0 7L28 7\"/>"
      case .patch(let look): "<rect class=\"\(look)\" x=\"4\" y=\"1\" width=\"20\" height=\"12\"/>"
      case .outcome(let outcome):
        "<path class=\"\(OutcomeStyle.look(outcome))\" d=\"\(OutcomeStyle.marker(outcome, at: middle))\"/>"
      }
    return
      "<svg class=\"swatch\" width=\"28\" height=\"14\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">\(body)</svg>"
  }
}
