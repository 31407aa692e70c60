import Randomness

/// How a thing is brought onto its picture: where it lies, what becomes of its colours, what is behind
/// it, and whether the picture is worn as those of cameras are.
struct Staging {
  var placement = Placement.centred
  var toning = Toning.none
  var ground = Ground.black
  var isWorn = false

  /// In the middle of a black ground, as it is.
  static let plain = Staging()

  /// - Parameter fillsPicture: whether it may fill the whole picture; of a square that does, nothing
  ///   would be seen but its colour.
  static func random(fillsPicture: Bool, using random: inout RandomStream) -> Staging {
    let placement = Placement.random(fillsPicture: fillsPicture, using: &random)
    let toning = Toning.random(using: &random)
    let ground = Ground.random(isGrey: toning.isGrey && random.chance(0.7), using: &random)
    return Staging(placement: placement, toning: toning, ground: ground, isWorn: true)
  }

  /// Recolours a thing and puts it on its ground.
  ///
  /// Where it could not be told from the ground, it is inverted, or, where both are of a middle grey,
  /// gets a ground as far from it as can be; toning and ground then say so.
  mutating func picture(of thing: inout CutOut, using random: inout RandomStream) -> Picture {
    if isWorn { part(&thing) }
    var picture = Picture(size: thing.size, pixels: ground.behind(thing))
    if isWorn { picture.wear(using: &random) }
    return picture
  }

  private mutating func part(_ thing: inout CutOut) {
    let leastDifference: Float = 0.25
    thing.recolour { [toning] in toning($0) }
    guard abs(thing.lightness - ground.lightness) < leastDifference else { return }
    thing.recolour { .white - $0 }
    toning.isReversed = true
    guard abs(thing.lightness - ground.lightness) < leastDifference else { return }
    let extreme: Colour = thing.lightness > 0.5 ? .black : .white
    ground = Ground(top: extreme, bottom: extreme)
  }
}
