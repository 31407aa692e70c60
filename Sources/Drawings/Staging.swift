import Randomness

/// How a thing is rendered in its picture: its placement, its colours, its background, and camera
/// artefacts.
struct Staging {
  var placement = Placement.centred
  var toning = Toning.none
  var ground = Ground.black
  var isWorn = false

  /// Unchanged, in the centre of a black background.
  static let plain = Staging()

  /// - Parameter fillsPicture: whether the thing may fill the whole picture; a square that does
  ///   would be visible only as a colour.
  static func random(fillsPicture: Bool, using random: inout RandomStream) -> Staging {
    let placement = Placement.random(fillsPicture: fillsPicture, using: &random)
    let toning = Toning.random(using: &random)
    let ground = Ground.random(isGrey: toning.isGrey && random.chance(0.7), using: &random)
    return Staging(placement: placement, toning: toning, ground: ground, isWorn: true)
  }

  /// Recolours a thing and composites it over its background.
  ///
  /// If the thing is indistinguishable from the background, it is inverted, or, if both are
  /// mid-grey, the background is replaced by one as far from it as possible. Updates the toning and
  /// the background accordingly.
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
