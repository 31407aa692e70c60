/// The front edge of the neck opening, from the centre to the left shoulder.
struct Neckline {
  enum Shape {
    case round, vee, square
  }

  var shape: Shape
  var halfWidth: Double
  var depth: Double

  /// The edge from the lowest point on the axis up to the shoulder.
  var leftHalf: Outline {
    let lowest = Outline(0, depth)
    return switch shape {
    case .round: lowest.curve(-halfWidth, depth, to: -halfWidth, 0)
    case .vee: lowest.line(-halfWidth, 0)
    case .square: lowest.line(-halfWidth * 0.9, depth).line(-halfWidth, 0)
    }
  }

  /// The whole edge from shoulder to shoulder, as an open path.
  var edge: Outline {
    let half = leftHalf
    return half.mirrored().reversed().joined(half)
  }

  /// The part of the inner back that is visible through the opening.
  var back: Outline {
    let height = min(depth * 0.5, 0.025)
    return Outline(0, height).curve(-halfWidth * 0.9, height, to: -halfWidth, 0)
      .joined(leftHalf.reversed()).symmetric()
  }
}
