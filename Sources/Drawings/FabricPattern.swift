import Foundation
import Randomness

/// The pattern woven into or printed on a fabric. Lengths are relative to the picture's side.
enum FabricPattern {
  case plain
  /// Stripes with the given `period`, of which `share` is in the second colour; the angle in
  /// radians is measured from horizontal lines.
  case striped(period: Double, share: Double, angle: Double)
  case checked(period: Double, share: Double)
  case dotted(period: Double, radius: Double)
  /// A gradient between the two colours, from top to bottom.
  case graded

  static func random(for kind: DrawingKind, using random: inout RandomStream) -> FabricPattern {
    let weights: (striped: Double, checked: Double, dotted: Double, graded: Double) =
      switch kind {
      case .shirt: (0.2, 0.22, 0.05, 0.04)
      case .tShirt, .pullover, .dress, .skirt, .scarf, .sock, .tie: (0.22, 0.06, 0.07, 0.07)
      case .coat, .trouser, .shorts: (0.08, 0.09, 0.02, 0.06)
      case .sandal, .sneaker, .ankleBoot, .bag: (0.05, 0.05, 0.03, 0.08)
      default: (0.15, 0.08, 0.08, 0.08)
      }
    let (striped, checked, dotted, graded) = weights
    let draw = random.uniform()
    switch draw {
    case ..<striped:
      let angle = random.pick(weighted: [
        0: 0.6, .pi / 2: 0.28, random.number(0.5...1.1) * random.sign(): 0.12,
      ])
      return .striped(
        period: random.number(0.05...0.24), share: random.number(0.2...0.6), angle: angle)
    case ..<(striped + checked):
      return .checked(period: random.number(0.07...0.26), share: random.number(0.3...0.55))
    case ..<(striped + checked + dotted):
      let period = random.number(0.09...0.22)
      return .dotted(period: period, radius: period * random.number(0.2...0.36))
    case ..<(striped + checked + dotted + graded):
      return .graded
    default:
      return .plain
    }
  }

  /// The word for the pattern, if it is coarse enough to be visible at this picture size.
  func word(atPixels size: Int) -> PatternWord? {
    let side = Double(size)
    return switch self {
    case .striped(let period, _, _) where period * side > 2.4: .striped
    case .checked(let period, _) where period * side > 2.8: .checked
    case .dotted(let period, _) where period * side > 3.2: .dotted
    default: nil
    }
  }
}
