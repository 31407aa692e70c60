/// The widths at which a figure is drawn; the style sheet shows the one that fits the window.
enum ChartSize: String, CaseIterable {
  case narrow, medium, wide

  /// In pixels.
  var width: Double {
    switch self {
    case .narrow: 330
    case .medium: 560
    case .wide: 1120
    }
  }

  /// The height of a plot with two axes.
  var planeHeight: Double {
    switch self {
    case .narrow: 270
    case .medium, .wide: 340
    }
  }

  /// The number of ticks that fit on the longer axis.
  var ticks: Int {
    switch self {
    case .narrow: 4
    case .medium: 6
    case .wide: 10
    }
  }
}
