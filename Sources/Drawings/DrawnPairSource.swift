import Randomness

/// An infinite source of drawn pictures with captions for pretraining.
///
/// Each pair is a pure function of (seed, index). It can be generated at any time, in any order and
/// on any thread, so nothing is stored. The bytes are identical on machines with the same version
/// of Cairo. A pair of 28 x 28 pixels takes about a third of a millisecond.
public struct DrawnPairSource: Sendable {
  /// How drawings are rendered.
  public enum Style: Sendable {
    /// For training: rotated, shifted, recoloured, on various backgrounds, blurred and noisy.
    case augmented
    /// For inspection: unchanged, in the centre of a black background.
    case plain
  }

  public let seed: UInt64
  /// The side of the pictures in pixels.
  public let imageSize: Int
  public let style: Style

  /// The share of pairs that show one of the ten garments.
  static let garmentShare = 2 / 3.0

  public init(seed: UInt64, imageSize: Int, style: Style = .augmented) {
    precondition(imageSize > 0, "a picture needs at least one pixel")
    self.seed = seed
    self.imageSize = imageSize
    self.style = style
  }

  /// The pair at an index; two out of three show one of the ten garments.
  public func pair(_ index: Int) -> DrawnPair {
    pair(index, of: kind(at: index))
  }

  func kind(at index: Int) -> DrawingKind {
    var random = RandomStream(seed: seed, purpose: "drawn kind", index)
    let isGarment = random.chance(Self.garmentShare)
    return random.pick(isGarment ? DrawingKind.garments : DrawingKind.others)
  }

  /// The drawing of a given kind at an index.
  public func pair(_ index: Int, of kind: DrawingKind) -> DrawnPair {
    let scene = scene(index, of: kind)
    return DrawnPair(
      pixels: scene.picture.bytes, size: imageSize, caption: scene.caption.text, kind: kind)
  }

  /// Every word of every caption, in lower case and in alphabetical order; hyphens and slashes do
  /// not separate words.
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
