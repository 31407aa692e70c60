import Randomness

extension Drawing {
  /// A coat: long sleeves, a front opening, lapels, a collar or a hood; buttons or a zip.
  static func coat(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    var cut = TopCut.regular(using: &random)
    cut.chest = random.number(0.22...0.34)
    cut.shoulder = cut.chest * random.number(0.9...1.02)
    cut.waist = cut.chest * random.number(0.85...1.02)
    cut.hem = cut.waist * random.number(1...1.28)
    cut.neckline = Neckline(
      shape: .round, halfWidth: random.number(0.07...0.12), depth: random.number(0.02...0.05))
    cut.armhole = random.number(0.22...0.32)
    var sleeve = Sleeve.long(using: &random)
    sleeve.length = random.number(0.56...0.84)
    sleeve.cuff = cut.chest * random.number(0.36...0.52)
    cut.hang(sleeve, using: &random)
    drawing.add(cut, using: &random)

    let overlap = random.chance(0.6) ? 0 : random.number(-0.06...0.06)
    let collar = random.pick(weighted: ["lapels": 0.46, "stand": 0.22, "hood": 0.22, "flat": 0.1])
    let lapelEnd = collar == "lapels" ? random.number(0.2...0.46) : cut.neckline.depth
    drawing.addOpening(cut, at: overlap, from: lapelEnd, using: &random)
    switch collar {
    case "lapels": drawing.addLapels(cut, at: overlap, to: lapelEnd, using: &random)
    case "stand":
      drawing.addStandCollar(cut, height: random.number(0.03...0.08), using: &random)
      drawing.parts.append(.highNeck)
    case "hood":
      drawing.addHood(cut, using: &random)
      drawing.variant = random.pick(["raincoat", "hooded jacket"])
    default: drawing.addCollar(cut, using: &random)
    }
    if random.chance(0.55) { drawing.addPockets(cut, using: &random) }
    if random.chance(0.24) { drawing.addBelt(cut, using: &random) }
    if random.chance(0.14) { drawing.addQuilting(cut, using: &random) }
    if random.chance(0.35), let sleeve = cut.sleeve {
      let band = sleeve.cuffBand(on: cut, height: random.number(0.04...0.1))
      drawing.shadeBoth(band, random.sign() * random.number(0.12...0.4))
    }
    return drawing
  }

  /// Adds the line where the two fronts meet, or a strip of lining where they do not, with buttons
  /// or a zip.
  private mutating func addOpening(
    _ cut: TopCut, at x: Double, from top: Double, using random: inout RandomStream
  ) {
    let bottom = cut.length + cut.hemDrop
    if random.chance(0.15) {
      let gap = Outline.polygon([
        Point(x - 0.01, top), Point(x + 0.01, top),
        Point(x + random.number(0.03...0.1), bottom), Point(x - random.number(0.02...0.1), bottom),
      ])
      if random.chance(0.5) { accent(gap) } else { shade(gap, random.number(-0.9 ... -0.5)) }
      return
    }
    let amount = random.chance(0.8) ? random.number(-0.95 ... -0.45) : random.number(0.3...0.7)
    shade(
      .line(Point(x, top), Point(x, bottom)), amount, pen: random.number(0.016...0.035))
    let radius = random.number(0.014...0.026)
    let isLight = random.chance(0.5)
    let light = (isLight ? 1 : -1) * random.number(0.5...0.9)
    let last = bottom - random.number(0.1...0.35)
    switch random.uniform() {
    case ..<0.35:
      parts.append(.buttons)
      addButtons(
        from: top + 0.06, to: last, count: random.count(3...6), at: x + 0.03, radius: radius,
        amount: light)
    case ..<0.55:
      parts.append(.buttons)
      let count = random.count(2...4)
      for side in [-0.08, 0.08] {
        addButtons(
          from: top + 0.06, to: last, count: count, at: x + side, radius: radius, amount: light)
      }
    case ..<0.8:
      parts.append(.zip)
      shade(.line(Point(x, top), Point(x, bottom)), light * 0.8, pen: 0.01)
    default: break
    }
  }

  private mutating func addLapels(
    _ cut: TopCut, at x: Double, to end: Double, using random: inout RandomStream
  ) {
    let width = cut.neckline.halfWidth
    let reach = random.number(0.06...0.13)
    let opening = Outline.polygon([
      Point(-width * 0.8, 0), Point(width * 0.8, 0), Point(x, end),
    ])
    switch random.uniform() {
    case ..<0.4: shade(opening, random.number(-0.8 ... -0.4))
    case ..<0.65: accent(opening)
    case ..<0.8: shade(opening, random.number(0.3...0.7))
    default: break
    }
    let notch = end * random.number(0.35...0.6)
    let lapel = Outline.polygon([
      Point(-width, -0.015), Point(-width - reach * 0.5, 0.06),
      Point(-width - reach * 0.4, notch), Point(x, end), Point(-width * 0.45, 0.02),
    ])
    let light = random.sign() * random.number(0.05...0.3)
    for side in [lapel, lapel.mapped { Point(2 * x * ($0.y / end) - $0.x, $0.y) }] {
      shade(side, light)
      shade(side, random.number(-0.8 ... -0.4), pen: random.number(0.014...0.024))
    }
    parts.append(.collar)
  }

  private mutating func addPockets(_ cut: TopCut, using random: inout RandomStream) {
    let y = random.number(0.55...0.68)
    let x = cut.waist * random.number(0.3...0.5)
    let width = cut.waist * random.number(0.3...0.42)
    let amount = random.number(-0.75 ... -0.3)
    switch random.integer(below: 3) {
    case 0:
      let slit = Outline.line(Point(-x, y + 0.1), Point(-x - width * 0.6, y))
      shadeBoth(slit, amount, pen: 0.025)
    case 1:
      shadeBoth(.rectangle(-x - width, y, -x, y + 0.045), amount * 0.7)
    default:
      let pocket = Outline.rectangle(-x - width, y, -x, y + random.number(0.12...0.18))
      shadeBoth(pocket, amount, pen: 0.016)
      shadeBoth(pocket, random.sign() * 0.1)
    }
    parts.append(.pockets)
  }

  mutating func addBelt(_ cut: TopCut, using random: inout RandomStream) {
    let y = cut.waistHeight - random.number(0...0.06)
    let height = random.number(0.03...0.055)
    let half = cut.halfWidth(at: y)
    let belt = Outline.rectangle(-half, y, half, y + height)
    if random.chance(0.5) {
      accent(belt)
    } else {
      shade(belt, (random.chance(0.75) ? -1 : 1) * random.number(0.3...0.7))
    }
    if random.chance(0.6) {
      shade(
        .rectangle(-0.03, y - 0.008, 0.03, y + height + 0.008), random.sign() * 0.7, pen: 0.014)
    }
    parts.append(.belt)
  }

  /// Adds the lines across a padded jacket.
  private mutating func addQuilting(_ cut: TopCut, using random: inout RandomStream) {
    let gap = random.number(0.08...0.14)
    let amount = random.number(-0.5 ... -0.2)
    for y in stride(from: cut.slope + gap, to: cut.length, by: gap) {
      shade(Outline(-0.6, y + 0.03).curve(0, y - 0.02, to: 0.6, y + 0.03), amount, pen: gap * 0.28)
      shade(.line(Point(-0.6, y - gap * 0.5), Point(0.6, y - gap * 0.5)), 0.14, pen: gap * 0.35)
    }
    variant = "puffer jacket"
  }
}
