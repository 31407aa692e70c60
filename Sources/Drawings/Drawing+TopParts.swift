import Randomness

extension Drawing {
  /// Adds the body and sleeves of a top, the seams between them and the inside of its back.
  mutating func add(_ cut: TopCut, using random: inout RandomStream) {
    if random.chance(0.75) { fill(cut.neckline.back) }
    if let sleeve = cut.sleeve {
      // The two sleeves hang slightly differently.
      var other = sleeve
      other.spread += random.number(-0.04...0.04)
      other.length += random.number(-0.02...0.02)
      fill(sleeve.outline(on: cut))
      fill(other.outline(on: cut).mirrored())
      parts.append(sleeve.part)
    }
    fill(cut.bodyOutline)

    if random.chance(0.85) { shade(cut.neckline.back, random.number(-0.6 ... -0.2)) }
    addSeams(cut, using: &random)
    addFolds(cut, using: &random)
  }

  /// Adds the lines between sleeves and body, mostly as dark as the gap between them.
  private mutating func addSeams(_ cut: TopCut, using random: inout RandomStream) {
    guard let sleeve = cut.sleeve else { return }
    let amount = random.chance(0.85) ? random.number(-0.8 ... -0.2) : random.number(0.2...0.4)
    let pen = random.number(0.012...0.035)
    if sleeve.part == .longSleeves {
      shadeBoth(sleeve.innerEdge(on: cut), amount, pen: pen)
    }
    if random.chance(0.6) {
      let seam = Outline(cut.shoulderTip)
        .curve(Point(-cut.shoulder * 0.88, cut.armhole * 0.7), to: cut.armpit)
      shadeBoth(seam, amount * 0.7, pen: pen)
    }
    if random.chance(0.1) {
      let inset = Outline(-cut.neckline.halfWidth, 0).line(cut.armpit)
        .joined(sleeve.outline(on: cut)).closed()
      accent(inset)
      accent(inset.mirrored())
    }
  }

  /// Adds soft creases that run down or across the body.
  private mutating func addFolds(_ cut: TopCut, using random: inout RandomStream) {
    guard random.chance(0.6) else { return }
    for _ in 0..<random.count(1...3) {
      let x = random.number(-0.8...0.8)
      let top = random.number(cut.armhole...(cut.length * 0.7))
      let bottom = min(cut.length, top + random.number(0.15...0.45))
      let fold = Outline(x * cut.halfWidth(at: top), top)
        .curve(
          x * cut.waist * random.number(0.6...1.1), (top + bottom) / 2,
          to: x * cut.halfWidth(at: bottom), bottom)
      shade(fold, random.sign() * random.number(0.06...0.22), pen: random.number(0.02...0.07))
    }
  }

  /// Adds a band along the neckline.
  mutating func addNeckBand(_ cut: TopCut, using random: inout RandomStream) {
    let pen = random.number(0.025...0.05)
    if random.chance(0.4) {
      accent(cut.neckline.edge, pen: pen)
    } else {
      shade(cut.neckline.edge, random.sign() * random.number(0.15...0.45), pen: pen)
    }
  }

  /// Adds the two flaps of a shirt collar.
  mutating func addCollar(_ cut: TopCut, using random: inout RandomStream) {
    let width = cut.neckline.halfWidth
    let drop = random.number(0.1...0.16)
    let rise = random.number(0.015...0.04)
    let point = Point(-width * random.number(0.45...0.95), cut.neckline.depth + drop * 0.8)
    let flap = Outline.polygon([
      Point(-width * 0.75, -rise), Point(-width - 0.025, 0.02), point,
      Point(0, cut.neckline.depth + 0.02),
    ])
    fillBoth(flap)
    let isAccent = random.chance(0.2)
    let light = random.sign() * random.number(0.1...0.4)
    for side in [flap, flap.mirrored()] {
      if isAccent { accent(side) } else { shade(side, light) }
      shade(side, random.number(-0.7 ... -0.3), pen: random.number(0.012...0.022))
    }
    parts.append(.collar)
  }

  /// Adds a high collar that stands up around the neck.
  mutating func addStandCollar(
    _ cut: TopCut, height: Double, using random: inout RandomStream
  ) {
    let width = cut.neckline.halfWidth
    let collar = Outline(0, -height + 0.02)
      .curve(-width * 0.6, -height + 0.02, to: -width * 0.82, -height)
      .line(-width - 0.02, 0.02)
      .curve(-width * 0.7, cut.neckline.depth, to: 0, cut.neckline.depth + 0.02)
      .symmetric()
    fill(collar)
    shade(collar, random.sign() * random.number(0.08...0.3))
    let edge = Outline(-width, 0.02)
      .curve(-width * 0.6, cut.neckline.depth + 0.02, to: 0, cut.neckline.depth + 0.02)
    shadeBoth(edge, random.number(-0.6 ... -0.25), pen: 0.018)
  }

  /// Adds a hood behind the neck, and its opening.
  mutating func addHood(_ cut: TopCut, using random: inout RandomStream) {
    let width = cut.neckline.halfWidth + random.number(0.03...0.08)
    let height = random.number(0.08...0.2)
    let base = cut.neckline.depth + random.number(0.05...0.1)
    fill(
      Outline(0, -height).curve(-width, -height, to: -width - 0.02, 0.03)
        .curve(-width * 0.7, base, to: 0, base).symmetric())
    let opening = Outline(0, -height * 0.45).curve(
      -width * 0.7, -height * 0.45, to: -width * 0.62, 0.02
    )
    .curve(-width * 0.4, base * 0.7, to: 0, base).symmetric()
    shade(opening, random.number(-0.75 ... -0.4))
    shade(opening, random.number(0.05...0.3), pen: 0.015)
    parts.append(.hood)
  }

  /// Adds ribbed bands at the hem and the cuffs.
  mutating func addRibs(_ cut: TopCut, using random: inout RandomStream) {
    let height = random.number(0.05...0.1)
    let amount = random.sign() * random.number(0.12...0.4)
    let hem = Outline.rectangle(-1, cut.length - height, 1, cut.length + 0.1)
    let isAccent = random.chance(0.2)
    // Keep the band from running across the sleeves, which hang next to it.
    let inside = hem.mapped { Point(max(-cut.hem, min(cut.hem, $0.x)), $0.y) }
    var bands = [inside]
    if let sleeve = cut.sleeve {
      let cuff = sleeve.cuffBand(on: cut, height: height)
      bands += [cuff, cuff.mirrored()]
    }
    for band in bands {
      if isAccent { accent(band) } else { shade(band, amount) }
    }
  }

  /// Adds a line of buttons from one height to another.
  mutating func addButtons(
    from top: Double, to bottom: Double, count: Int, at x: Double, radius: Double, amount: Double
  ) {
    for index in 0..<count {
      let y = top + (bottom - top) * Double(index) / Double(max(1, count - 1))
      shade(.circle(x, y, radius: radius), amount)
    }
  }

  /// Adds a print on the chest: a disc, a block, a star, a few lines like writing, or a heart.
  mutating func addPrint(_ cut: TopCut, using random: inout RandomStream) {
    let size = cut.chest * random.number(0.25...0.65)
    let y = random.number(0.34...0.5)
    let x = random.chance(0.8) ? 0 : random.number(-0.08...0.08)
    var figures: [Outline] = []
    switch random.integer(below: 6) {
    case 0: figures = [.ellipse(x, y, size, size * random.number(0.6...1.1))]
    case 1: figures = [.rectangle(x - size, y - size * 0.6, x + size, y + size)]
    case 2:
      let star = Outline.star(points: random.count(3...7), inner: random.number(0.35...0.7))
      figures = [star.mapped { $0 * size + Point(x, y) }]
    case 3: figures = [Outline.heart.mapped { $0 * (size * 2) + Point(x, y - size) }]
    case 4:
      for line in 0..<random.count(1...4) {
        let top = y - 0.06 + Double(line) * 0.075
        let reach = size * random.number(0.6...1.1)
        figures.append(.rectangle(x - reach, top, x + reach, top + 0.04))
      }
    default:
      for _ in 0..<random.count(3...6) {
        figures.append(
          .ellipse(
            x + random.number(-1...1) * size * 0.8, y + random.number(-1...1) * size * 0.8,
            size * random.number(0.15...0.5), size * random.number(0.15...0.5)))
      }
    }
    let isAccent = random.chance(0.65)
    let amount = random.sign() * random.number(0.45...0.85)
    for figure in figures {
      if isAccent { accent(figure) } else { shade(figure, amount) }
    }
    parts.append(.print)
  }
}
