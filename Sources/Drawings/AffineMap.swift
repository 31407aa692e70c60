import Foundation

/// An affine map of the plane.
struct AffineMap {
  /// The images of the two unit vectors.
  var x: Point
  var y: Point
  /// The image of the origin.
  var origin: Point

  func callAsFunction(_ point: Point) -> Point {
    x * point.x + y * point.y + origin
  }

  /// This map applied after moving `centre` to the origin and scaling by `factor`.
  func after(centring centre: Point, scalingBy factor: Double) -> AffineMap {
    AffineMap(x: x * factor, y: y * factor, origin: self(-centre * factor))
  }

  /// This map applied after a rotation by an angle in radians.
  func after(turningBy angle: Double) -> AffineMap {
    let (sine, cosine) = (sin(angle), cos(angle))
    return AffineMap(x: x * cosine + y * sine, y: y * cosine - x * sine, origin: origin)
  }
}
