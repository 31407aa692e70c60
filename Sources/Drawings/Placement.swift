import Foundation
import Randomness

/// The placement of a drawing in its picture: its bounds, scaled so that the longer side fills the
/// frame, are stretched, zoomed, rotated, mirrored and shifted.
struct Placement {
  /// In radians.
  var rotation = 0.0
  var zoom = 1.0
  /// The ratio of width to height, at constant area.
  var aspect = 1.0
  /// Relative to the picture's side.
  var shift = Point.zero
  var isFlipped = false

  /// Centred in the frame and filling it.
  static let centred = Placement(zoom: 0.97)

  /// In 40 % of cases nearly centred and upright, as on product photographs; otherwise random.
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
    // The mean of two draws makes the ends of the range rare, where much is cropped or too small.
    let distance = (random.number(0.75...1.35) + random.number(0.75...1.35)) / 2
    return Placement(
      rotation: unit() * 0.21, zoom: size / distance, aspect: exp(unit() * 0.25),
      shift: Point(unit(), unit()) * 0.08, isFlipped: random.chance(0.5))
  }

  /// Maps the frame, whose sides run from -0.5 to 0.5, to a picture of `size` pixels per side.
  func frame(size: Double) -> AffineMap {
    let width = zoom * aspect.squareRoot() * size * (isFlipped ? -1 : 1)
    let height = zoom / aspect.squareRoot() * size
    let (sine, cosine) = (sin(rotation), cos(rotation))
    return AffineMap(
      x: Point(cosine, sine) * width, y: Point(-sine, cosine) * height,
      origin: (shift + Point(0.5, 0.5)) * size)
  }
}
