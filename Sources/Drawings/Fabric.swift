import Randomness

/// The colours and textures of one drawing.
struct Fabric {
  var base: Colour
  /// The second colour of the pattern.
  var second: Colour
  /// The colour of soles, belts and prints.
  var accent: Colour
  var pattern: FabricPattern
  /// The strength of the surface texture, and its number of cells per side.
  var texture: (strength: Double, cells: Int)
  /// The darkness of the left and right sides.
  var sideShade: Double
  /// How dark or light the rim of the silhouette is.
  var rim: Double
  var rimWidth: Double

  static func random(for kind: DrawingKind, using random: inout RandomStream) -> Fabric {
    var base = Colour.random(using: &random)
    if kind == .coat, random.chance(0.4) { base *= Float(random.number(0.35...0.7)) }
    return Fabric(
      base: base, second: partner(of: base, using: &random),
      accent: partner(of: base, using: &random), pattern: .random(for: kind, using: &random),
      texture: texture(using: &random),
      sideShade: random.chance(0.5) ? random.number(0.1...0.45) : 0,
      rim: random.chance(0.35) ? random.number(-0.4...0.25) : 0,
      rimWidth: random.number(0.015...0.05))
  }

  /// Half of the fabrics are plain. Clouds may be stronger than grain, which hides shapes.
  private static func texture(
    using random: inout RandomStream
  ) -> (strength: Double, cells: Int) {
    guard random.chance(0.5) else { return (0, 1) }
    return random.chance(0.5)
      ? (random.number(0.06...0.32), random.pick([5, 9]))
      : (random.number(0.05...0.18), random.pick([16, 30]))
  }

  /// A colour to combine with another: a darker or lighter one, white, black or any other.
  private static func partner(of colour: Colour, using random: inout RandomStream) -> Colour {
    switch random.uniform() {
    case ..<0.3: colour * Float(random.number(0.25...0.75))
    case ..<0.45: colour + (.white - colour) * Float(random.number(0.35...0.8))
    case ..<0.65: .grey(random.number(0.88...1))
    case ..<0.7: .grey(random.number(0...0.12))
    default: .random(using: &random)
    }
  }
}
