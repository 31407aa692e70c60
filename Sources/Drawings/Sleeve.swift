import Foundation
import Randomness

/// The shape of a sleeve: its length, its angle and its width.
struct Sleeve {
  /// The length along the outer edge, relative to the garment's length.
  var length: Double
  /// The angle between the sleeve and the vertical in radians; zero is straight down.
  var spread: Double
  var cuff: Double
  /// The outward bend of the outer edge.
  var bulge: Double
  var part: DrawingPart

  /// A sleeve that ends above the elbow.
  static func short(using random: inout RandomStream) -> Sleeve {
    Sleeve(
      length: random.number(0.2...0.38), spread: random.number(0.3...1.0),
      cuff: random.number(0.13...0.2), bulge: random.number(0...0.04), part: .shortSleeves)
  }

  /// A sleeve that only covers the shoulder.
  static func cap(using random: inout RandomStream) -> Sleeve {
    Sleeve(
      length: random.number(0.1...0.18), spread: random.number(0.5...1.1),
      cuff: random.number(0.12...0.16), bulge: random.number(0.01...0.03), part: .shortSleeves)
  }

  /// A sleeve down to the wrist; `TopCut.hang` determines its angle next to the body.
  static func long(using random: inout RandomStream) -> Sleeve {
    Sleeve(
      length: random.number(0.66...0.92), spread: 0.1,
      cuff: random.number(0.1...0.16), bulge: random.number(0.01...0.05), part: .longSleeves)
  }

  /// The closed outline of the left sleeve of a garment with this cut, slightly overlapping the
  /// body.
  func outline(on cut: TopCut) -> Outline {
    let (down, inwards) = directions
    let outerCuff = self.outerCuff(on: cut)
    return Outline(cut.shoulderTip)
      .curve(cut.shoulderTip + down * (length * 0.4) - inwards * bulge, to: outerCuff)
      .joined(innerEdge(on: cut))
      .line(cut.shoulderTip.x * 0.7, cut.armhole * 0.6)
      .closed()
  }

  /// The edge from the cuff up to the armpit.
  func innerEdge(on cut: TopCut) -> Outline {
    let (_, inwards) = directions
    let innerCuff = outerCuff(on: cut) + inwards * cuff
    let bend = (innerCuff + cut.armpit) / 2 - inwards * (bulge * 0.4)
    return Outline(innerCuff).curve(bend, to: cut.armpit)
  }

  /// The band at the cuff that a ribbed or folded edge covers.
  func cuffBand(on cut: TopCut, height: Double) -> Outline {
    let (down, inwards) = directions
    let outer = outerCuff(on: cut) - inwards * 0.05
    let inner = outer + inwards * (cuff + 0.07)
    return .polygon([outer, inner, inner - down * height, outer - down * height])
  }

  private var directions: (down: Point, inwards: Point) {
    (Point(-sin(spread), cos(spread)), Point(cos(spread), sin(spread)))
  }

  private func outerCuff(on cut: TopCut) -> Point {
    cut.shoulderTip + directions.down * length
  }
}
