/// How large an image is made before its centre is cut out.
public enum ImageResizeRule: Sendable, Equatable {
  /// The shorter edge gets this many pixels, the longer one keeps the ratio, rounded down.
  case shortestEdge(Int)
  /// Exactly this size, whatever the ratio was.
  case exact(height: Int, width: Int)

  /// The size of an image of `height` by `width` after the resize.
  func resized(height: Int, width: Int) -> (height: Int, width: Int) {
    switch self {
    case .exact(let height, let width): (height, width)
    case .shortestEdge(let edge) where width <= height: (edge * height / width, edge)
    case .shortestEdge(let edge): (edge, edge * width / height)
    }
  }

  /// The longest edge that is written.
  var longestEdge: Int {
    switch self {
    case .exact(let height, let width): max(height, width)
    case .shortestEdge(let edge): edge
    }
  }

  /// The shortest edge that any resized image can have.
  var shortestEdge: Int {
    switch self {
    case .exact(let height, let width): min(height, width)
    case .shortestEdge(let edge): edge
    }
  }
}
