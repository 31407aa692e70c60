/// The target size of an image before its centre is cropped.
public enum ImageResizeRule: Sendable, Equatable {
  /// The shorter edge gets this many pixels; the longer one keeps the aspect ratio, rounded down.
  case shortestEdge(Int)
  /// Exactly this size, regardless of the aspect ratio.
  case exact(height: Int, width: Int)

  /// The size of an image of `height` by `width` after resizing.
  func resized(height: Int, width: Int) -> (height: Int, width: Int) {
    switch self {
    case .exact(let height, let width): (height, width)
    case .shortestEdge(let edge) where width <= height: (edge * height / width, edge)
    case .shortestEdge(let edge): (edge, edge * width / height)
    }
  }

  /// The longest edge of the rule.
  var longestEdge: Int {
    switch self {
    case .exact(let height, let width): max(height, width)
    case .shortestEdge(let edge): edge
    }
  }

  /// The shortest possible edge of a resized image.
  var shortestEdge: Int {
    switch self {
    case .exact(let height, let width): min(height, width)
    case .shortestEdge(let edge): edge
    }
  }
}
