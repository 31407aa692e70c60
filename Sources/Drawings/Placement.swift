import Foundation
import Randomness

/// How a drawing lies on its picture: the drawing's bounds, their longer side filling the frame, are
/// stretched, zoomed, turned, mirrored and moved.
struct Placement {
  /// In radians.
  var rotation = 0.0
  var zoom = 1.0
  /// Width over height, after which a square still has the area of one.
  var aspect = 1.0
  /// As shares of the picture's side.
  var shift = Point.zero
  var isFlipped = false

  /// In the middle of the frame and filling it.
  static let centred = Placement(zoom: 0.97)

  /// In 40 of 100 cases as on a product photograph, nearly in the middle and upright; else anyhow.
  static func random(fillsPicture: Bool, using random: inout RandomStream) -> Placement {
    let isProduct = random.chance(0.4)
    func unit() -> Double { random.number(-1...1) }
    let size = fillsPicture ? 1 : random.number(0.65...0.95)
    if isProduct {
      return Placement(
        rotation: unit() * 0.03, zoom: size * random.number(0.88...1.02),
        aspect: exp(unit() * 0.12), shift: Point(unit(), unit()) * 0.02,
        isFlipped: random.chance(0.15))
    }
    // The mean of two draws keeps the ends of the range rare, where much is cut off or lost.
    let distance = (random.number(0.75...1.35) + random.number(0.75...1.35)) / 2
    return Placement(
      rotation: unit() * 0.21, zoom: size / distance, aspect: exp(unit() * 0.25),
      shift: Point(unit(), unit()) * 0.08, isFlipped: random.chance(0.5))
  }

  /// From the frame, whose sides run from -0.5 to 0.5, to a picture of `size` pixels a side.
  func frame(size: Double) -> AffineMap {
    let width = zoom * aspect.squareRoot() * size * (isFlipped ? -1 : 1)
    let height = zoom / aspect.squareRoot() * size
    let (sine, cosine) = (sin(rotation), cos(rotation))
    return AffineMap(
      x: Point(cosine, sine) * width, y: Point(-sine, cosine) * height,
      origin: (shift + Point(0.5, 0.5)) * size)
  }
}
