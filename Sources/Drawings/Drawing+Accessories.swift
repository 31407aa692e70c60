import Randomness

extension Drawing {
  static func hat(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let crown = random.number(0.2...0.3)
    let height = random.number(0.26...0.5)
    let brim = random.number(0.4...0.55)
    let thickness = random.number(0.05...0.1)
    let taper = random.number(0.7...1.05)
    drawing.fill(
      Outline(0, -height).curve(-crown * taper, -height - 0.03, to: -crown * taper, -height * 0.6)
        .line(-crown, 0.03).symmetric())
    drawing.fill(.ellipse(0, 0.02, brim, thickness))
    let band = Outline.rectangle(-crown, -random.number(0.1...0.16), crown, -0.02)
    if random.chance(0.5) { drawing.accent(band) } else { drawing.shade(band, random.sign() * 0.5) }
    if brim > crown * 1.9 { drawing.parts.append(.wideBrim) }
    return drawing
  }

  static func cap(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let height = random.number(0.36...0.5)
    drawing.fill(
      Outline(-0.28, 0).curve(-0.32, -height, to: 0.04, -height).curve(0.36, -height, to: 0.36, 0)
        .closed())
    let visor = Outline(-0.3, -0.06)
      .curve(-0.5, -0.04, to: -0.64, random.number(0.02...0.1))
      .curve(-0.4, 0.06, to: -0.05, 0.02).closed()
    if random.chance(0.5) { drawing.accent(visor, isConfined: false) } else { drawing.fill(visor) }
    drawing.shade(
      Outline(0.04, -height).curve(-0.14, -height * 0.6, to: -0.12, 0), -0.4, pen: 0.016)
    drawing.shade(Outline(0.04, -height).curve(0.2, -height * 0.6, to: 0.2, 0), -0.4, pen: 0.016)
    drawing.fill(.circle(0.04, -height, radius: 0.025))
    if random.chance(0.5) { drawing.accent(.circle(-0.14, -height * 0.45, radius: 0.08)) }
    return drawing
  }

  static func sock(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let width = random.number(0.2...0.28)
    let height = random.number(0.45...0.85)
    let foot = random.number(0.3...0.5)
    drawing.fill(
      Outline(0, -height).line(width, -height).line(width + 0.02, -0.02)
        .curve(width, 0.2, to: -0.05, 0.2).line(-foot + 0.1, 0.22)
        .curve(-foot, 0.22, to: -foot, 0.1).curve(-foot, 0.01, to: -foot + 0.12, 0)
        .curve(-0.02, -0.02, to: 0, -0.12).closed())
    let band = Outline.rectangle(-1, -height - 0.1, 1, -height + random.number(0.06...0.14))
    if random.chance(0.4) {
      drawing.accent(band)
    } else {
      drawing.shade(band, random.sign() * 0.35)
    }
    if random.chance(0.5) {
      let ends = [
        Outline.circle(-foot, 0.12, radius: 0.14), Outline.circle(width, 0.12, radius: 0.13),
      ]
      let isAccent = random.chance(0.5)
      for end in ends { if isAccent { drawing.accent(end) } else { drawing.shade(end, -0.35) } }
    }
    return drawing
  }

  static func glove(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let wrist = random.number(0.14...0.2)
    let end = random.number(0.4...0.6)
    drawing.fill(
      Outline(-0.2, 0).line(-0.2, 0.2).curve(-0.2, 0.34, to: -wrist, 0.36).line(-wrist - 0.02, end)
        .line(wrist + 0.02, end).line(wrist, 0.36).curve(0.22, 0.3, to: 0.2, 0).closed())
    let fan = random.number(0.1...0.28)
    for finger in 0..<4 {
      let x = -0.15 + Double(finger) * 0.1
      let reach = [0.26, 0.34, 0.36, 0.3][finger] * random.number(0.9...1.1)
      let tip = Point(x + (Double(finger) - 1.5) * fan * 0.3, -reach)
      drawing.stroke(.line(Point(x, 0.05), tip), 0.086)
      drawing.fill(.circle(tip.x, tip.y, radius: 0.043))
    }
    let thumb = Point(-0.34, random.number(-0.06...0.06))
    drawing.stroke(.line(Point(-0.14, 0.22), thumb), 0.095)
    drawing.fill(.circle(thumb.x, thumb.y, radius: 0.047))
    let cuff = Outline.rectangle(-0.3, random.number(0.34...0.4), 0.3, 1)
    if random.chance(0.4) {
      drawing.accent(cuff)
    } else {
      drawing.shade(cuff, random.sign() * 0.35)
    }
    return drawing
  }

  /// A knitted scarf, wound once around where the neck would be, with both ends hanging down.
  static func scarf(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let width = random.number(0.13...0.19)
    let left = random.number(0.7...1)
    let right = random.number(0.6...1)
    let lean = random.number(0.02...0.12)
    let ends = [
      (Point(-0.02, 0.1), Point(-0.08 - lean, left)), (Point(0.06, 0.1), Point(0.12 + lean, right)),
    ]
    for (from, to) in ends {
      drawing.stroke(.line(from, to), width)
      let fringes = random.count(3...4)
      for fringe in 0..<fringes {
        let x = to.x + (Double(fringe) / Double(fringes - 1) - 0.5) * width * 0.85
        drawing.stroke(.line(Point(x, to.y - 0.02), Point(x, to.y + 0.09)), 0.018)
      }
    }
    let loop = Outline.ellipse(0, 0.06, random.number(0.24...0.32), random.number(0.1...0.16))
    drawing.stroke(loop, width * 0.85)
    drawing.shade(Outline(-0.2, 0.16).curve(0, 0.26, to: 0.2, 0.16), -0.5, pen: 0.02)
    drawing.shade(.line(Point(0.02, 0.2), Point(0.02, 0.5)), -0.5, pen: 0.025)
    return drawing
  }

  static func tie(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let top = random.number(0.055...0.08)
    let width = random.number(0.07...0.13)
    let length = random.number(0.8...1)
    let knot = Outline.polygon([
      Point(-top, -0.09), Point(top, -0.09), Point(top * 0.6, 0.02), Point(-top * 0.6, 0.02),
    ])
    drawing.fill(knot)
    drawing.fill(
      Outline(0, 0).line(-top * 0.6, 0.01).line(-width, length - 0.1).line(0, length).symmetric())
    drawing.shade(knot, random.sign() * random.number(0.15...0.4))
    drawing.shade(knot, -0.6, pen: 0.014)
    if random.chance(0.3) {
      drawing.stroke(
        Outline(-top, -0.06).curve(-0.2, -0.16, to: 0, -0.16).curve(0.2, -0.16, to: top, -0.06),
        0.03)
    }
    return drawing
  }

  static func belt(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let width = random.number(0.07...0.13)
    if random.chance(0.5) {
      let sag = random.number(-0.15...0.2)
      drawing.stroke(Outline(-0.5, 0).curve(0, sag, to: 0.5, 0), width)
      let x = random.number(-0.4 ... -0.2)
      let y = sag * 0.35
      drawing.accent(
        .rectangle(x - 0.07, y - width * 0.8, x + 0.07, y + width * 0.8), pen: 0.03,
        isConfined: false)
      for hole in 0..<4 {
        drawing.shade(.circle(0.2 + Double(hole) * 0.07, sag * 0.38, radius: 0.014), -0.8)
      }
    } else {
      // Rolled up into a loop with the buckle in front.
      let loop = Outline.ellipse(0, 0, 0.42, random.number(0.18...0.34))
      drawing.stroke(loop, width)
      let y = loop.bounds.most.y
      drawing.accent(
        .rectangle(-0.08, y - width * 0.75, 0.08, y + width * 0.75), pen: 0.035, isConfined: false)
    }
    return drawing
  }
}
