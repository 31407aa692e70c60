import Randomness

/// The colour augmentation of a drawing: some are turned to grey, inverted, made a single-colour
/// silhouette, dimmed or brightened, so that a model learns shapes rather than colours.
struct Toning {
  /// The colour of a silhouette.
  var silhouette: Colour?
  var isInverted = false
  var isGrey = false
  var contrast: Float = 1
  var brightness: Float = 0
  /// Whether the result is inverted again because it was too similar to the background.
  var isReversed = false

  static let none = Toning()

  static func random(using random: inout RandomStream) -> Toning {
    Toning(
      silhouette: random.chance(0.12) ? .random(using: &random) : nil,
      isInverted: random.chance(0.25), isGrey: random.chance(0.6),
      contrast: Float(random.number(0.55...1.4)), brightness: Float(random.number(-0.18...0.3)))
  }

  func callAsFunction(_ colour: Colour) -> Colour {
    var result = silhouette ?? colour
    if isInverted { result = .white - result }
    if isGrey { result = Colour(repeating: result.lightness) }
    result = (result - 0.5) * contrast + (0.5 + brightness)
    result.clamp(lowerBound: .black, upperBound: .white)
    return isReversed ? .white - result : result
  }
}
