import Foundation
import Randomness

extension Outline {
  /// A heart one unit wide with its dent at y = 0.2.
  static var heart: Outline {
    Outline(0, 0.2).curve(-0.08, 0, to: -0.27, 0).curve(-0.5, 0, to: -0.5, 0.28)
      .curve(-0.46, 0.6, to: 0, 0.95).symmetric()
  }
}

extension Drawing {
  static func circle(using random: inout RandomStream) -> Drawing {
    filled(.circle(0, 0, radius: 1), using: &random)
  }

  static func square(using random: inout RandomStream) -> Drawing {
    let corner = random.chance(0.3) ? random.number(0.1...0.3) : 0.001
    return filled(.rounded(-1, -1, 1, 1, radius: corner), using: &random)
  }

  static func rectangle(using random: inout RandomStream) -> Drawing {
    let width = random.number(0.25...0.62)
    let isTall = random.chance(0.5)
    return filled(
      isTall ? .rectangle(-width, -1, width, 1) : .rectangle(-1, -width, 1, width), using: &random)
  }

  static func triangle(using random: inout RandomStream) -> Drawing {
    let tip = random.chance(0.6) ? 0 : random.number(-1...1)
    let height = random.number(1.2...2)
    let corners = [Point(tip, -height), Point(1, 0), Point(-1, 0)]
    return filled(.polygon(corners), using: &random)
  }

  static func star(using random: inout RandomStream) -> Drawing {
    let tips = random.pick(weighted: [5: 0.6, 4: 0.1, 6: 0.15, 8: 0.15])
    let inner = random.number(0.32...0.55)
    return filled(.star(points: tips, inner: inner), using: &random)
  }

  static func cross(using random: inout RandomStream) -> Drawing {
    let half = random.number(0.16...0.36)
    let arm = Outline(-half, -1).line(half, -1).line(half, -half).line(1, -half)
    let outline = arm.line(1, half).line(half, half).line(half, 1).line(-half, 1)
      .line(-half, half).line(-1, half).line(-1, -half).line(-half, -half).closed()
    return filled(outline, using: &random)
  }

  static func ring(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let pen = random.number(0.2...0.5)
    drawing.stroke(.circle(0, 0, radius: 1 - pen / 2), pen)
    if random.chance(0.2) {
      drawing.accent(
        .star(points: 4, inner: 0.8).mapped { $0 * 0.3 + Point(0, -1.1) }, isConfined: false)
    }
    return drawing
  }

  static func heart(using random: inout RandomStream) -> Drawing {
    let stretch = random.number(0.85...1.15)
    return filled(Outline.heart.mapped { Point($0.x, $0.y * stretch) }, using: &random)
  }

  /// A flat figure, sometimes with a rim.
  private static func filled(_ outline: Outline, using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    drawing.fill(outline)
    if random.chance(0.3) {
      let pen = outline.bounds.size.x * random.number(0.04...0.12)
      if random.chance(0.5) {
        drawing.accent(outline, pen: pen)
      } else {
        drawing.shade(outline, random.sign() * random.number(0.3...0.7), pen: pen)
      }
    }
    return drawing
  }
}
