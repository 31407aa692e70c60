import Randomness

extension Drawing {
  /// A T-shirt: short sleeves or none, an open neck, often a print.
  static func tShirt(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    var cut = TopCut.regular(using: &random)
    cut.chest = max(cut.chest, 0.29)
    cut.neckline = openNeckline(using: &random)
    switch random.uniform() {
    case ..<0.74: cut.sleeve = .short(using: &random)
    case ..<0.84: cut.sleeve = .cap(using: &random)
    default: cut.makeSleeveless(using: &random)
    }
    drawing.add(cut, using: &random)
    drawing.nameNeck(cut)
    if cut.sleeve == nil {
      drawing.parts.append(cut.shoulder - cut.neckline.halfWidth < 0.06 ? .straps : .noSleeves)
      drawing.variant = random.pick(["tank top", "sleeveless top"])
    }

    if random.chance(0.55) { drawing.addNeckBand(cut, using: &random) }
    if random.chance(0.35) { drawing.addPrint(cut, using: &random) }
    if let sleeve = cut.sleeve, random.chance(0.3) {
      let band = sleeve.cuffBand(on: cut, height: random.number(0.025...0.05))
      drawing.shadeBoth(band, random.sign() * random.number(0.15...0.5))
    }
    if random.chance(0.07) {
      drawing.shade(.rectangle(0.06, 0.3, 0.19, 0.45), random.sign() * random.number(0.15...0.4))
    }
    if random.chance(0.3) { drawing.addHemLine(cut, using: &random) }
    return drawing
  }

  /// A pullover: long sleeves next to a closed front.
  static func pullover(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    var cut = TopCut.regular(using: &random)
    cut.narrow(using: &random)
    var sleeve = Sleeve.long(using: &random)
    if random.chance(0.06) { sleeve.length *= 0.62 }
    cut.hang(sleeve, using: &random)
    cut.neckline = Neckline(
      shape: random.chance(0.2) ? .vee : .round, halfWidth: random.number(0.09...0.15),
      depth: random.number(0.03...0.09))
    if cut.neckline.shape == .vee { cut.neckline.depth = random.number(0.1...0.26) }
    drawing.add(cut, using: &random)

    switch random.uniform() {
    case ..<0.14:
      drawing.addStandCollar(cut, height: random.number(0.05...0.12), using: &random)
      drawing.parts.append(.highNeck)
      drawing.variant = "turtleneck"
    case ..<0.3:
      drawing.addHood(cut, using: &random)
      drawing.variant = "hoodie"
      if random.chance(0.6) {
        let top = random.number(0.6...0.68)
        let pouch = Outline(0, top).line(-cut.waist * 0.45, top)
          .line(-cut.waist * 0.75, top + 0.2).line(0, top + 0.2).symmetric()
        drawing.shade(pouch, random.number(-0.5 ... -0.2), pen: 0.02)
        drawing.shade(pouch, random.sign() * random.number(0.05...0.15))
      }
    default:
      drawing.nameNeck(cut)
      drawing.addNeckBand(cut, using: &random)
    }
    if random.chance(0.7) { drawing.addRibs(cut, using: &random) }
    if random.chance(0.22) { drawing.addPrint(cut, using: &random) }
    if random.chance(0.2) { drawing.addBands(cut, using: &random) }
    if random.chance(0.12) { drawing.addCables(cut, using: &random) }
    return drawing
  }

  /// A shirt: a collar and a row of buttons, long or short sleeves. Some are blouses, without one
  /// or the other.
  static func shirt(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    var cut = TopCut.regular(using: &random)
    cut.neckline.halfWidth = random.number(0.08...0.13)
    cut.neckline.depth = random.number(0.03...0.09)
    cut.hemDrop = random.number(0...0.07)
    switch random.uniform() {
    case ..<0.6:
      cut.narrow(using: &random)
      cut.hang(.long(using: &random), using: &random)
    case ..<0.9: cut.sleeve = .short(using: &random)
    default: cut.makeSleeveless(using: &random)
    }
    let style = random.pick(weighted: ["buttoned": 0.74, "polo": 0.12, "blouse": 0.14])
    if style == "blouse" {
      cut.neckline.shape = random.pick([.round, .vee])
      cut.neckline.depth = random.number(0.08...0.22)
      cut.hem *= random.number(1...1.2)
    }
    drawing.add(cut, using: &random)
    if cut.sleeve == nil { drawing.parts.append(.noSleeves) }

    if style == "blouse" {
      drawing.variant = "blouse"
      if random.chance(0.5) { drawing.addFrontOpening(cut, to: 0.5, using: &random) }
      if random.chance(0.5) { drawing.addNeckBand(cut, using: &random) }
      return drawing
    }
    let bottom = style == "polo" ? random.number(0.25...0.4) : cut.length + cut.hemDrop
    drawing.addFrontOpening(cut, to: bottom, using: &random)
    if random.chance(0.9) { drawing.addCollar(cut, using: &random) }
    drawing.variant = style == "polo" ? "polo shirt" : "dress shirt"
    for side in [-1.0, 1] where random.chance(0.3) {
      let pocket = Outline.rectangle(0.08, 0.3, 0.2, 0.44).mapped { Point($0.x * side, $0.y) }
      drawing.shade(pocket, random.number(-0.5 ... -0.2), pen: 0.014)
      if random.chance(0.5) { drawing.shade(pocket, random.sign() * 0.12) }
    }
    if let sleeve = cut.sleeve, random.chance(0.5) {
      let band = sleeve.cuffBand(on: cut, height: random.number(0.05...0.09))
      drawing.shadeBoth(band, random.sign() * random.number(0.12...0.35))
    }
    return drawing
  }

  /// A T-shirt neckline: round, V-shaped, or wide.
  private static func openNeckline(using random: inout RandomStream) -> Neckline {
    let shape = random.pick(weighted: [Neckline.Shape.round: 0.72, .vee: 0.2, .square: 0.08])
    let depth = shape == .vee ? random.number(0.1...0.22) : random.number(0.03...0.16)
    return Neckline(shape: shape, halfWidth: random.number(0.09...0.18), depth: depth)
  }

  /// Adds the button placket down the front.
  private mutating func addFrontOpening(
    _ cut: TopCut, to bottom: Double, using random: inout RandomStream
  ) {
    let top = cut.neckline.depth
    let half = random.number(0.018...0.035)
    let strip = Outline.rectangle(-half, top, half, bottom)
    if random.chance(0.5) {
      let amount = random.sign() * random.number(0.1...0.35)
      if random.chance(0.15) { accent(strip) } else { shade(strip, amount) }
    }
    let line = random.number(-0.75 ... -0.3)
    shade(.line(Point(half, top), Point(half, bottom)), line, pen: random.number(0.012...0.022))
    if random.chance(0.4) {
      shade(.line(Point(-half, top), Point(-half, bottom)), line * 0.6, pen: 0.012)
    }
    if random.chance(0.8) {
      addButtons(
        from: top + 0.05, to: bottom - 0.08, count: bottom < 0.6 ? 3 : random.count(5...8), at: 0,
        radius: random.number(0.011...0.02), amount: random.sign() * random.number(0.5...0.9))
      parts.append(.buttons)
    }
  }

  /// Adds broad bands across chest and sleeves.
  private mutating func addBands(_ cut: TopCut, using random: inout RandomStream) {
    let height = random.number(0.06...0.25)
    let top = random.number(0.25...0.6)
    let count = random.count(1...3)
    for index in 0..<count {
      let y = top + Double(index) * height * 1.5
      let band = Outline.rectangle(-1, y, 1, y + height / Double(count))
      if random.chance(0.6) { accent(band) } else { shade(band, random.sign() * 0.45) }
    }
  }

  /// Adds raised lines of knitting.
  private mutating func addCables(_ cut: TopCut, using random: inout RandomStream) {
    let gap = random.number(0.06...0.12)
    let amount = random.sign() * random.number(0.12...0.35)
    for x in stride(from: -cut.waist + gap, to: cut.waist, by: gap) {
      shade(.line(Point(x, cut.armhole * 0.5), Point(x, cut.length)), amount, pen: gap * 0.3)
    }
  }

  mutating func addHemLine(_ cut: TopCut, using random: inout RandomStream) {
    let y = cut.length - random.number(0.02...0.05)
    let line = Outline(-cut.hem, y).curve(0, y + cut.hemDrop * 1.6, to: cut.hem, y)
    shade(line, random.sign() * random.number(0.15...0.4), pen: random.number(0.012...0.02))
  }

  mutating func nameNeck(_ cut: TopCut) {
    guard cut.neckline.depth > 0.09 else { return }
    switch cut.neckline.shape {
    case .vee: parts.append(.vNeck)
    case .round: parts.append(.roundNeck)
    case .square: break
    }
  }
}

extension TopCut {
  /// Makes the body and the hem narrower, as is common with long sleeves.
  mutating func narrow(using random: inout RandomStream) {
    let factor = random.number(0.22...0.33) / chest
    chest *= factor
    shoulder *= factor
    waist *= factor
    hem *= factor
  }

  /// Removes the sleeves: broad shoulders or thin straps, and deeper armholes.
  mutating func makeSleeveless(using random: inout RandomStream) {
    sleeve = nil
    neckline.halfWidth = max(neckline.halfWidth, chest * random.number(0.4...0.62))
    neckline.depth = max(neckline.depth, random.number(0.08...0.22))
    shoulder = min(chest * 0.95, neckline.halfWidth + random.number(0.035...0.12))
    slope = random.number(0.01...0.04)
    armhole = random.number(0.24...0.34)
  }
}
