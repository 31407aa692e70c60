import Randomness

extension Drawing {
  /// A low shoe in profile, its toe to the left: a full-length sole, laces, stripes.
  static func sneaker(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let sole = random.number(0.045...0.12)
    let isHigh = random.chance(0.12)
    let height = isHigh ? random.number(0.5...0.62) : random.number(0.3...0.44)
    let toe = sole + random.number(0.08...0.15)
    let throat = random.number(0.26...0.36)
    let tongue = random.number(0.5...0.62)
    let dip = isHigh ? 0.02 : random.number(0.03...0.1)

    drawing.fill(
      Outline(0.02, -sole * 0.7)
        .curve(-0.01, -toe, to: 0.12, -toe - 0.02)
        .curve(0.22, -toe - 0.04, to: throat, -toe - 0.05)
        .curve(tongue - 0.12, -height + 0.03, to: tongue - 0.02, -height - 0.03)
        .line(tongue + 0.05, -height)
        .curve(0.76, -height + dip * 2, to: 0.92, -height - random.number(-0.03...0.04))
        .curve(1, -height + 0.02, to: 0.96, -height * 0.6)
        .curve(0.95, -sole - 0.06, to: 0.98, -sole * 0.7)
        .closed())
    drawing.addSneakerSole(sole, using: &random)

    let panelTop = Point(tongue - 0.02, -height - 0.01)
    let panelFoot = Point(throat, -toe - 0.04)
    drawing.addSideStripes(
      sole: sole, height: height, middle: (throat + tongue) / 2 + 0.06, using: &random)
    drawing.addSneakerPanels(toe: toe, height: height, throat: throat, using: &random)
    if random.chance(0.8) {
      drawing.addLaces(from: panelFoot, to: panelTop, using: &random)
      drawing.parts.append(.laces)
    }
    if random.chance(0.4) {
      let rim = Outline(tongue + 0.05, -height + 0.01)
        .curve(0.76, -height + dip * 2, to: 0.94, -height)
      drawing.shade(rim, random.number(-0.7 ... -0.3), pen: 0.035)
    }
    if sole > 0.095 { drawing.parts.append(.thickSole) }
    if isHigh { drawing.variant = "high top sneaker" }
    return drawing
  }

  private mutating func addSneakerSole(_ sole: Double, using random: inout RandomStream) {
    let rise = random.number(0...0.05)
    let outline = Outline(0.0, -sole * 0.9 - rise)
      .curve(0.05, -sole, to: 0.35, -sole).line(0.7, -sole * 1.05)
      .curve(0.9, -sole * 1.1, to: 1, -sole * 1.3)
      .curve(1.02, -sole * 0.3, to: 0.96, 0)
      .line(0.14, 0)
      .curve(0.02, -sole * 0.1, to: 0.0, -sole * 0.9 - rise)
      .closed()
    if random.chance(0.75) {
      accent(outline, isConfined: false)
    } else {
      fill(outline)
      shade(outline, random.sign() * random.number(0.2...0.5))
    }
    if random.chance(0.6) {
      let edge = Outline(0, -sole - rise).curve(0.05, -sole, to: 0.35, -sole)
        .line(0.7, -sole * 1.05).curve(0.9, -sole * 1.1, to: 1, -sole * 1.3)
      shade(edge, random.number(-0.8 ... -0.35), pen: 0.016)
    }
    if random.chance(0.35) {
      let tread = Outline.line(Point(0.05, -0.012), Point(0.98, -0.012))
      shade(tread, random.sign() * random.number(0.4...0.7), pen: 0.03)
    }
    if random.chance(0.2) {
      let line = Outline.line(Point(0.02, -sole * 0.5), Point(0.98, -sole * 0.55))
      shade(line, random.sign() * random.number(0.4...0.8), pen: 0.016)
    }
  }

  /// Adds a brand mark on the side: a hook, bars, a wave, or nothing.
  private mutating func addSideStripes(
    sole: Double, height: Double, middle: Double, using random: inout RandomStream
  ) {
    let isAccent = random.chance(0.6)
    let amount = random.sign() * random.number(0.4...0.8)
    var marks: [(outline: Outline, pen: Double?)] = []
    switch random.integer(below: 5) {
    case 0:
      let hook = Outline(middle - 0.12, -height * 0.55)
        .curve(middle - 0.08, -sole - 0.02, to: 0.9, -height * 0.72)
        .curve(middle, -sole - 0.1, to: middle - 0.12, -height * 0.55).closed()
      marks = [(hook, nil)]
    case 1, 2:
      for bar in 0..<random.count(2...4) {
        let x = middle - 0.04 + Double(bar) * 0.08
        marks.append((.line(Point(x + 0.02, -sole), Point(x - 0.05, -height * 0.8)), 0.032))
      }
    case 3:
      let wave = Outline(middle - 0.1, -sole - 0.03)
        .curve(middle + 0.1, -height * 0.9, to: 0.93, -sole - 0.1)
      marks = [(wave, random.number(0.02...0.05))]
    default: break
    }
    for mark in marks {
      if isAccent {
        accent(mark.outline, pen: mark.pen)
      } else {
        shade(mark.outline, amount, pen: mark.pen)
      }
    }
  }

  /// Adds the toe cap, the heel counter, and the seam between quarter and vamp.
  private mutating func addSneakerPanels(
    toe: Double, height: Double, throat: Double, using random: inout RandomStream
  ) {
    if random.chance(0.45) {
      let cap = Outline(-0.1, 0).line(-0.1, -0.3).line(throat - 0.12, -0.3)
        .curve(throat - 0.02, -toe * 0.7, to: throat - 0.08, 0).closed()
      if random.chance(0.4) {
        accent(cap)
      } else {
        shade(cap, random.sign() * random.number(0.12...0.4))
      }
    }
    if random.chance(0.45) {
      let counter = Outline(0.84, -height - 0.1).curve(0.92, -height * 0.5, to: 0.72, 0)
        .line(1.1, 0).line(1.1, -height - 0.1).closed()
      if random.chance(0.4) {
        accent(counter)
      } else {
        shade(counter, random.sign() * random.number(0.12...0.4))
      }
    }
    if random.chance(0.4) {
      let seam = Outline(throat, -toe - 0.04).curve(throat + 0.1, -toe, to: throat + 0.12, 0)
      shade(seam, random.number(-0.6 ... -0.2), pen: 0.014)
    }
  }

  /// Adds short strokes across the instep.
  mutating func addLaces(from foot: Point, to top: Point, using random: inout RandomStream) {
    let count = random.count(3...6)
    let pen = random.number(0.014...0.026)
    let reach = Point(random.number(0.05...0.1), random.number(0.03...0.07))
    let amount = random.chance(0.65) ? random.number(0.5...0.95) : random.number(-0.9 ... -0.5)
    if random.chance(0.35) {
      let panel = Outline.polygon([foot, top, top + reach * 1.2, foot + reach * 1.2])
      shade(panel, -amount * 0.4)
    }
    for index in 0..<count {
      let place = foot + (top - foot) * ((Double(index) + 0.5) / Double(count))
      shade(.line(place - reach * 0.2, place + reach), amount, pen: pen)
    }
  }
}
