import Foundation
import Randomness

/// The measurements of a garment for the upper body, seen from the front. The axis x = 0 runs down
/// its centre, y = 0 is the height of the neck. Widths are half widths.
struct TopCut {
  var length: Double
  var neckline: Neckline
  var shoulder: Double
  /// The drop from the neck to the shoulder.
  var slope: Double
  var chest: Double
  /// The height of the armpit.
  var armhole: Double
  var waist: Double
  var waistHeight: Double
  var hem: Double
  /// How far the centre of the hem hangs below its ends.
  var hemDrop: Double
  /// The flare below the waist, from straight (0) to bell-shaped (1).
  var bell = 0.3
  var sleeve: Sleeve?

  var shoulderTip: Point { Point(-shoulder, slope) }
  var armpit: Point { Point(-chest, armhole) }

  /// A straight garment of average width, which callers modify.
  static func regular(using random: inout RandomStream) -> TopCut {
    let chest = random.number(0.25...0.38)
    let waist = chest * random.number(0.88...1.02)
    return TopCut(
      length: 1,
      neckline: Neckline(
        shape: .round, halfWidth: random.number(0.1...0.16), depth: random.number(0.03...0.12)),
      shoulder: chest * random.number(0.86...1.04), slope: random.number(0.03...0.1),
      chest: chest, armhole: random.number(0.25...0.35),
      waist: waist, waistHeight: random.number(0.52...0.64),
      hem: waist * random.number(0.96...1.14), hemDrop: random.number(-0.01...0.04))
  }

  /// Adds sleeves that hang next to the body, at an angle that leaves room for chest and waist.
  mutating func hang(_ sleeve: Sleeve, using random: inout RandomStream) {
    var sleeve = sleeve
    let overlap = random.number(-0.02...0.05)
    let reach = sleeve.cuff + max(chest, waist) - shoulder - overlap
    sleeve.spread = asin(max(0.02, min(0.6, reach / sleeve.length)))
    if random.chance(0.35) { sleeve.spread += random.number(0...0.18) }
    self.sleeve = sleeve
  }

  var bodyOutline: Outline {
    neckline.leftHalf
      .line(shoulderTip)
      .curve(Point(-min(shoulder, chest) * 0.93, armhole * 0.75), to: armpit)
      .joined(leftSide)
      .curve(-hem * 0.5, length + hemDrop, to: 0, length + hemDrop)
      .symmetric()
  }

  /// The side from the armpit down to the hem.
  var leftSide: Outline {
    Outline(armpit)
      .curve(-waist, (armhole + waistHeight) / 2, to: -waist, waistHeight)
      .curve(
        -waist - (hem - waist) * bell, waistHeight + (length - waistHeight) * 0.4,
        to: -hem, length)
  }

  /// The half width of the body at a height below the armpit, by linear interpolation.
  func halfWidth(at height: Double) -> Double {
    func between(_ a: Double, _ b: Double, _ share: Double) -> Double { a + (b - a) * share }
    return height < waistHeight
      ? between(chest, waist, max(0, height - armhole) / (waistHeight - armhole))
      : between(waist, hem, (height - waistHeight) / (length - waistHeight))
  }
}
