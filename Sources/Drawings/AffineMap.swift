import Foundation

/// A map of the plane that keeps lines straight and parallel.
struct AffineMap {
  /// Where the unit vectors of the two axes go.
  var x: Point
  var y: Point
  /// Where the origin goes.
  var origin: Point

  func callAsFunction(_ point: Point) -> Point {
    x * point.x + y * point.y + origin
  }

  /// This map after one that moves `centre` to the origin and scales by `factor`.
  func after(centring centre: Point, scalingBy factor: Double) -> AffineMap {
    AffineMap(x: x * factor, y: y * factor, origin: self(-centre * factor))
  }

  /// This map after a turn of the plane by an angle in radians.
  func after(turningBy angle: Double) -> AffineMap {
    let (sine, cosine) = (sin(angle), cos(angle))
    return AffineMap(x: x * cosine + y * sine, y: y * cosine - x * sine, origin: origin)
  }
}
