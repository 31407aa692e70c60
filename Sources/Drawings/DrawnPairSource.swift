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
    var staging = Staging.plain
    if style == .augmented {
      staging = .random(fillsPicture: DrawingKind.garments.contains(kind), using: &random)
    }
    let canvas = Canvas(size: imageSize * Canvas.fineness)
    canvas.paint(drawing, in: fabric, placed: staging.placement, using: &random)
    var thing = canvas.cutOut(shrunkBy: Canvas.fineness)
    let picture = staging.picture(of: &thing, using: &random)
    let look = DrawnLook(
      kind, drawing, fabric: fabric, toning: staging.toning, picture: picture)
    return DrawnScene(
      thing: thing, ground: staging.ground, picture: picture, look: look,
      caption: DrawnCaption(look, using: &random))
  }
}
