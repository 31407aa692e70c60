/// The widths that a figure is drawn in; the style sheet shows the one that suits the window.
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

  /// The height of a plane with two axes.
  var planeHeight: Double {
    switch self {
    case .narrow: 270
    case .medium, .wide: 340
    }
  }

  /// How many ticks the longer axis has room for.
  var ticks: Int {
    switch self {
    case .narrow: 4
    case .medium: 6
    case .wide: 10
    }
  }
}
