import Randomness

extension Drawing {
  /// A dress, narrow and tall: a bodice, a waist and a skirt; straps, short or long sleeves.
  static func dress(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    var cut = TopCut.regular(using: &random)
    cut.chest = random.number(0.12...0.2)
    cut.shoulder = cut.chest * random.number(0.88...1.02)
    cut.slope = random.number(0.02...0.05)
    cut.armhole = random.number(0.16...0.22)
    cut.waist = cut.chest * random.number(0.74...1)
    cut.waistHeight = random.number(0.34...0.46)
    let isWide = random.chance(0.35)
    cut.hem = cut.chest * (isWide ? random.number(1.5...2.6) : random.number(0.85...1.45))
    cut.bell = random.number(0.15...0.95)
    cut.hemDrop = random.number(-0.01...0.04)
    cut.neckline = Neckline(
      shape: random.pick(weighted: [.round: 0.6, .vee: 0.28, .square: 0.12]),
      halfWidth: cut.chest * random.number(0.35...0.7), depth: random.number(0.02...0.13))
    drawing.dressSleeves(&cut, using: &random)
    drawing.add(cut, using: &random)
    if isWide { drawing.parts.append(.wideSkirt) }
    if cut.sleeve == nil {
      let strap = cut.shoulder - cut.neckline.halfWidth
      drawing.parts.append(strap < 0.04 ? .straps : .noSleeves)
      drawing.variant = "sleeveless dress"
    }

    if random.chance(0.3) { drawing.addBelt(cut, using: &random) }
    if random.chance(0.25) { drawing.addWaistSeam(cut, using: &random) }
    if random.chance(isWide ? 0.7 : 0.3) { drawing.addSkirtFolds(cut, using: &random) }
    if random.chance(0.3) { drawing.addNeckBand(cut, using: &random) }
    if random.chance(0.2) { drawing.colourBlock(cut, using: &random) }
    if random.chance(0.12) {
      let line = Outline.line(Point(0, cut.neckline.depth), Point(0, cut.length))
      drawing.shade(line, random.number(-0.5 ... -0.2), pen: 0.012)
    }
    if random.chance(0.25) { drawing.addHemLine(cut, using: &random) }
    return drawing
  }

  private mutating func dressSleeves(_ cut: inout TopCut, using random: inout RandomStream) {
    switch random.uniform() {
    case ..<0.44:
      cut.makeSleeveless(using: &random)
      cut.armhole = random.number(0.15...0.2)
      cut.shoulder = min(
        cut.chest, cut.neckline.halfWidth + random.number(0.018...0.07))
      if random.chance(0.12) {
        // Strapless: the upper edge is straight, above the armpits.
        cut.neckline = Neckline(shape: .round, halfWidth: cut.chest * 0.96, depth: 0.02)
        cut.shoulder = cut.chest * 0.98
        cut.armhole = 0.06
      }
    case ..<0.68:
      cut.sleeve = .short(using: &random)
      cut.sleeve?.length = random.number(0.1...0.2)
      cut.sleeve?.cuff = random.number(0.07...0.11)
      cut.sleeve?.spread = random.number(0.2...0.8)
    default:
      var sleeve = Sleeve.long(using: &random)
      sleeve.length = random.number(0.35...0.6)
      sleeve.cuff = random.number(0.045...0.085)
      sleeve.bulge = random.number(0...0.03)
      cut.hang(sleeve, using: &random)
    }
  }

  private mutating func addWaistSeam(_ cut: TopCut, using random: inout RandomStream) {
    let y = cut.waistHeight
    let line = Outline(-cut.waist, y).curve(0, y + random.number(-0.02...0.03), to: cut.waist, y)
    shade(line, random.sign() * random.number(0.25...0.6), pen: random.number(0.012...0.025))
  }

  private mutating func addSkirtFolds(_ cut: TopCut, using random: inout RandomStream) {
    for _ in 0..<random.count(2...5) {
      let x = random.number(-0.85...0.85)
      let fold = Outline(x * cut.waist, cut.waistHeight + 0.02)
        .curve(
          x * cut.halfWidth(at: 0.6), cut.waistHeight + 0.2, to: x * cut.hem, cut.length)
      shade(fold, random.sign() * random.number(0.12...0.4), pen: random.number(0.012...0.04))
    }
  }

  /// Adds another colour above the waist, below it, or in the middle.
  private mutating func colourBlock(_ cut: TopCut, using random: inout RandomStream) {
    let half = cut.waist * random.number(0.35...0.6)
    let block = random.pick([
      Outline.rectangle(-1, cut.waistHeight, 1, 1.2),
      .rectangle(-1, -0.2, 1, cut.waistHeight),
      .rectangle(-half, cut.neckline.depth + 0.05, half, 1.2),
    ])
    if random.chance(0.5) {
      accent(block)
    } else {
      shade(block, random.sign() * random.number(0.25...0.6))
    }
  }
}
