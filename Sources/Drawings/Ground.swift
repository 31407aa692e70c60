import Randomness

/// The background of a drawing: one colour, or a gradient from top to bottom.
struct Ground {
  var top: Colour
  var bottom: Colour

  static let black = Ground(top: .black, bottom: .black)

  /// Black in half of the cases, white in a quarter, otherwise random.
  static func random(isGrey: Bool, using random: inout RandomStream) -> Ground {
    switch random.uniform() {
    case ..<0.5: return .black
    case ..<0.75: return Ground(top: .white, bottom: .white)
    default: break
    }
    func colour() -> Colour {
      isGrey || random.chance(0.25)
        ? .grey(random.uniform())
        : Colour(Float(random.uniform()), Float(random.uniform()), Float(random.uniform()))
    }
    let top = colour()
    return Ground(top: top, bottom: random.chance(0.3) ? (top + colour()) / 2 : top)
  }

  var lightness: Float { (top.lightness + bottom.lightness) / 2 }

  /// Composites a thing over this background.
  func behind(_ thing: CutOut) -> [Colour] {
    let last = Float(max(1, thing.size - 1))
    return thing.pixels.indices.map { index in
      let row = Float(index / thing.size)
      let ground = top + (bottom - top) * (row / last)
      let pixel = thing.pixels[index]
      return Colour(pixel.x, pixel.y, pixel.z) + ground * (1 - pixel.w)
    }
  }
}
