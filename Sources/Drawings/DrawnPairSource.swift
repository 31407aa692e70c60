import Randomness

/// An endless supply of drawn pictures with captions, to pretrain a model on.
///
/// Each pair is a pure function of (seed, index): it can be made at any time, in any order and on any
/// thread, so nothing is stored. The bytes are the same on machines with the same version of Cairo.
/// A pair of 28 x 28 pixels takes about a third of a millisecond.
public struct DrawnPairSource: Sendable {
  /// How the drawings are brought onto their pictures.
  public enum Style: Sendable {
    /// Turned, moved, recoloured, on many grounds, blurred and noisy: what a model is trained on.
    case augmented
    /// As they are drawn, in the middle of a black ground: what a person looks at.
    case plain
  }

  public let seed: UInt64
  /// The side of the pictures in pixels.
  public let imageSize: Int
  public let style: Style

  /// The share of the ten garments among the pairs.
  static let garmentShare = 2 / 3.0

  /// How many pixels a side are painted for each pixel of the picture; Cairo smooths edges as well.
  private static let fineness = 3

  public init(seed: UInt64, imageSize: Int, style: Style = .augmented) {
    precondition(imageSize > 0, "a picture needs at least one pixel")
    self.seed = seed
    self.imageSize = imageSize
    self.style = style
  }

  /// The pair at a place of the supply; two of three show one of the ten garments.
  public func pair(_ index: Int) -> DrawnPair {
    pair(index, of: kind(at: index))
  }

  func kind(at index: Int) -> DrawingKind {
    var random = RandomStream(seed: seed, purpose: "drawn kind", index)
    let isGarment = random.chance(Self.garmentShare)
    return random.pick(isGarment ? DrawingKind.garments : DrawingKind.others)
  }

  /// The drawing of a chosen kind at a place of the supply.
  public func pair(_ index: Int, of kind: DrawingKind) -> DrawnPair {
    let scene = scene(index, of: kind)
    return DrawnPair(
      pixels: scene.picture.bytes, size: imageSize, caption: scene.caption.text, kind: kind)
  }

  /// Every word of every caption, in lower case and in alphabetical order; a hyphen or a slash does
  /// not part words.
  public static var vocabulary: [String] { DrawnCaption.vocabulary.sorted() }

  func scene(_ index: Int, of kind: DrawingKind) -> DrawnScene {
    var random = RandomStream(seed: seed, purpose: "drawn pair", index, kind.rawValue)
    let drawing = Drawing.of(kind, using: &random)
    let fabric = Fabric.random(for: kind, using: &random)
    var placement = Placement.centred
    var toning = Toning.none
    var ground = Ground.black
    if style == .augmented {
      placement = .random(for: kind, using: &random)
      toning = .random(using: &random)
      ground = .random(isGrey: toning.isGrey && random.chance(0.7), using: &random)
    }

    let canvas = Canvas(size: imageSize * Self.fineness)
    canvas.paint(drawing, in: fabric, placed: placement, using: &random)
    var thing = canvas.cutOut(shrunkBy: Self.fineness)
    if style == .augmented { Self.part(&thing, toning: &toning, from: &ground) }

    var picture = Picture(size: imageSize, pixels: ground.behind(thing))
    if style == .augmented { picture.wear(using: &random) }
    let look = DrawnLook(
      kind, drawing, fabric: fabric, toning: toning, picture: picture)
    return DrawnScene(
      thing: thing, ground: ground, picture: picture, look: look,
      caption: DrawnCaption(look, using: &random))
  }

  /// Recolours a thing and makes sure that it can be told from its ground: by inverting it, or, where
  /// both are of a middle grey, by a ground as far from it as can be.
  private static func part(_ thing: inout CutOut, toning: inout Toning, from ground: inout Ground) {
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
