import Randomness

/// What becomes of the colours of a drawing: some are turned to grey, inverted, made a silhouette of
/// one colour, dimmed or brightened, so that a model learns shapes rather than colours.
struct Toning {
  /// The one colour of a silhouette.
  var silhouette: Colour?
  var isInverted = false
  var isGrey = false
  var contrast: Float = 1
  var brightness: Float = 0
  /// Whether the outcome is inverted once more, because it looked too much like its ground.
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
