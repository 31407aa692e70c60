import Foundation
import Randomness

extension Drawing {
  static func house(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let half = random.number(0.34...0.44)
    let wall = random.number(0.4...0.55)
    let eaves = random.number(0.02...0.1)
    let roof = Outline.polygon([
      Point(0, -random.number(0.25...0.45)), Point(half + eaves, 0.02), Point(-half - eaves, 0.02),
    ])
    if random.chance(0.5) {
      drawing.fill(.rectangle(half * 0.4, -0.34, half * 0.4 + 0.1, 0))
    }
    drawing.fill(.rectangle(-half, 0, half, wall))
    drawing.fill(roof)
    if random.chance(0.6) { drawing.accent(roof) } else { drawing.shade(roof, random.sign() * 0.4) }
    let door = random.number(-0.15...0.15)
    let contrast = random.sign() * random.number(0.5...0.85)
    drawing.shade(.rectangle(door - 0.07, wall - 0.26, door + 0.07, wall), contrast)
    for x in [-half * 0.62, half * 0.62] where abs(x - door) > 0.17 {
      drawing.shade(.rectangle(x - 0.065, 0.1, x + 0.065, 0.24), contrast)
    }
    return drawing
  }

  static func car(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let hood = random.number(0.14...0.3)
    let roof = random.number(0.2...0.28)
    let rear = random.number(0.72...0.98)
    let body = random.number(0.14...0.2)
    drawing.fill(
      Outline(0, 0).curve(-0.02, -body, to: 0.06, -body).line(hood, -body - 0.02)
        .curve(hood + 0.08, -body - roof, to: hood + 0.2, -body - roof)
        .line(rear - 0.18, -body - roof).curve(rear - 0.04, -body - roof, to: rear, -body - 0.02)
        .curve(1.02, -body, to: 1, 0).closed())
    let glass = random.sign() * random.number(0.5...0.85)
    let middle = (hood + rear) / 2
    for (left, right) in [(hood + 0.08, middle - 0.02), (middle + 0.02, rear - 0.07)] {
      drawing.shade(
        .polygon([
          Point(left, -body - 0.02), Point(left + 0.05, -body - roof + 0.05),
          Point(right - 0.03, -body - roof + 0.05), Point(right, -body - 0.02),
        ]), glass)
    }
    let radius = random.number(0.085...0.115)
    for x in [0.2, 0.8] {
      let wheel = Outline.circle(x, 0, radius: radius)
      drawing.fill(wheel)
      drawing.shade(wheel, -0.75)
      drawing.shade(.circle(x, 0, radius: radius * 0.45), 0.7)
    }
    return drawing
  }

  static func tree(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let trunk = random.number(0.04...0.07)
    let stem = Outline.rectangle(-trunk, 0.3, trunk, 0.7)
    if random.chance(0.6) { drawing.accent(stem, isConfined: false) } else { drawing.fill(stem) }
    if random.chance(0.45) {
      let width = random.number(0.25...0.36)
      for layer in 0..<3 {
        let y = 0.42 - Double(layer) * 0.26
        let half = width * (1 - Double(layer) * 0.22)
        drawing.fill(.polygon([Point(0, y - 0.4), Point(half, y), Point(-half, y)]))
      }
    } else {
      let radius = random.number(0.24...0.34)
      drawing.fill(.ellipse(0, 0.05, radius, radius * random.number(0.9...1.3)))
      for _ in 0..<random.count(2...5) {
        let angle = random.number(0...(2 * .pi))
        drawing.fill(
          .circle(
            cos(angle) * radius * 0.7, 0.03 + sin(angle) * radius * 0.6,
            radius: radius * random.number(0.45...0.65)))
      }
    }
    return drawing
  }

  static func flower(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let petals = random.count(5...8)
    let size = random.number(0.13...0.17)
    drawing.stroke(Outline(0, 0.1).curve(random.number(-0.1...0.1), 0.5, to: 0, 0.85), 0.045)
    if random.chance(0.7) {
      drawing.fill(
        Outline(0, 0.65).curve(0.1, 0.42, to: 0.28, 0.4).curve(0.24, 0.62, to: 0, 0.68).closed())
    }
    for petal in 0..<petals {
      let angle = 2 * Double.pi * Double(petal) / Double(petals)
      drawing.fill(.circle(sin(angle) * 0.22, -cos(angle) * 0.22, radius: size))
    }
    let centre = Outline.circle(0, 0, radius: random.number(0.09...0.13))
    if random.chance(0.6) {
      drawing.accent(centre)
    } else {
      drawing.shade(centre, random.sign() * 0.7)
    }
    return drawing
  }

  static func fish(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let height = random.number(0.28...0.46)
    let tail = random.number(0.16...0.26)
    drawing.fill(
      Outline(-0.5, 0).curve(-0.15, -height, to: 0.3, 0).curve(-0.15, height, to: -0.5, 0).closed())
    drawing.fill(
      Outline(0.22, 0).line(0.5, -tail).curve(0.42, 0, to: 0.5, tail).closed())
    if random.chance(0.6) {
      drawing.fill(
        Outline(-0.2, -height * 0.4).curve(-0.02, -height * 0.9, to: 0.1, -height * 0.75)
          .line(0.08, -height * 0.2).closed())
    }
    drawing.shade(.circle(-0.34, -0.04, radius: 0.035), random.sign() * 0.9)
    drawing.shade(
      Outline(-0.24, -height * 0.4).curve(-0.16, 0, to: -0.24, height * 0.4), -0.5, pen: 0.02)
    return drawing
  }

  static func boat(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let depth = random.number(0.16...0.24)
    drawing.fill(
      Outline(-0.5, 0).line(0.5, 0).curve(0.42, depth, to: 0.3, depth).line(-0.3, depth)
        .curve(-0.42, depth, to: -0.5, 0).closed())
    let mast = random.number(0.6...0.85)
    drawing.stroke(.line(Point(0, 0), Point(0, -mast)), 0.035)
    let sail = Outline(0.04, -mast).curve(0.36, -mast * 0.4, to: 0.4, -0.06).line(0.04, -0.06)
      .closed()
    let jib = Outline(-0.04, -mast * 0.85).line(-0.36, -0.06).line(-0.04, -0.06).closed()
    let isAccent = random.chance(0.5)
    for part in random.chance(0.75) ? [sail, jib] : [sail] {
      if isAccent { drawing.accent(part, isConfined: false) } else { drawing.fill(part) }
    }
    drawing.shade(.rectangle(-1, 0, 1, depth * 0.35), random.sign() * 0.4)
    return drawing
  }
}
