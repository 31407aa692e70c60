import Randomness

extension Drawing {
  /// Trousers: two legs from the front, narrow and tall.
  static func trouser(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let waist = random.number(0.12...0.18)
    let hip = waist * random.number(1.02...1.3)
    let crotch = random.number(0.22...0.32)
    let style = random.pick(weighted: [DrawingPart?.none: 0.5, .narrowLegs: 0.25, .wideLegs: 0.25])
    let cuff =
      switch style {
      case .narrowLegs: random.number(0.055...0.08)
      case .wideLegs: random.number(0.15...0.21)
      default: random.number(0.08...0.14)
      }
    let spread = random.number(-0.02...0.07)
    let leg = Leg(waist: waist, hip: hip, crotch: crotch, cuff: cuff, spread: spread, length: 1)
    drawing.addLegs(leg, using: &random)
    if let style { drawing.parts.append(style) }
    drawing.addWaistband(leg, using: &random)

    if random.chance(0.4) {
      let crease = Outline.line(
        Point(-hip * 0.55, crotch), Point(-leg.gapEnd - cuff / 2, 1))
      drawing.shadeBoth(crease, random.sign() * random.number(0.12...0.35), pen: 0.014)
    }
    if random.chance(0.2) {
      let stripe = Outline(-hip * 0.95, crotch).line(-leg.gapEnd - cuff + 0.01, 1)
      drawing.accent(stripe, pen: 0.03)
      drawing.accent(stripe.mirrored(), pen: 0.03)
    }
    if random.chance(0.25) {
      drawing.shadeBoth(
        .ellipse(-leg.gapEnd * 0.5 - hip * 0.5, random.number(0.45...0.6), 0.05, 0.13),
        random.number(0.15...0.4))
    }
    if random.chance(0.2) {
      drawing.shade(.rectangle(-1, 0.95, 1, 1.1), random.sign() * random.number(0.2...0.4))
    }
    drawing.variant = style == .narrowLegs ? .plural("leggings") : .plural("jeans")
    return drawing
  }

  static func shorts(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let waist = random.number(0.3...0.38)
    let leg = Leg(
      waist: waist, hip: waist * random.number(1.05...1.2), crotch: random.number(0.36...0.5),
      cuff: random.number(0.3...0.42), spread: random.number(0.02...0.08),
      length: random.number(0.65...0.95))
    drawing.addLegs(leg, using: &random)
    drawing.addWaistband(leg, using: &random)
    return drawing
  }

  static func skirt(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let waist = random.number(0.17...0.26)
    let hem = waist * random.number(1.15...2.3)
    let length = random.number(0.55...1)
    let bell = random.number(0.2...1)
    drawing.fill(
      Outline(0, 0.01).line(-waist, 0)
        .curve(-waist - (hem - waist) * bell, length * 0.4, to: -hem, length)
        .curve(-hem * 0.5, length + 0.05, to: 0, length + 0.05).symmetric())
    let band = Outline.rectangle(-1, 0, 1, random.number(0.05...0.1))
    drawing.shade(band, random.sign() * random.number(0.25...0.6))
    for _ in 0..<random.count(0...6) {
      let x = random.number(-0.9...0.9)
      let fold = Outline(x * waist, 0.1).curve(x * hem * 0.8, length * 0.4, to: x * hem, length)
      drawing.shade(
        fold, random.sign() * random.number(0.12...0.4), pen: random.number(0.015...0.04))
    }
    return drawing
  }

  /// The measurements of a garment with two legs; widths above the crotch are half widths.
  private struct Leg {
    var waist, hip, crotch, cuff, spread, length: Double

    /// The distance from the axis to the end of the inner edge.
    var gapEnd: Double { max(0.006, spread) }

    var outline: Outline {
      Outline(0, 0.015).line(-waist, 0)
        .curve(-hip, crotch * 0.4, to: -hip, crotch)
        .curve(-(hip + gapEnd + cuff) / 2, (crotch + length) / 2, to: -gapEnd - cuff, length)
        .line(-gapEnd, length)
        .curve(-gapEnd * 0.2 - 0.012, crotch + (length - crotch) * 0.4, to: 0, crotch)
        .symmetric()
    }
  }

  private mutating func addLegs(_ leg: Leg, using random: inout RandomStream) {
    fill(leg.outline)
    let gap = Outline.line(Point(0, leg.crotch), Point(-leg.gapEnd * 0.5, leg.length))
    if leg.spread < 0.02, random.chance(0.85) {
      shade(gap, random.number(-0.9 ... -0.5), pen: random.number(0.014...0.026))
    }
    if random.chance(0.5) {
      shadeBoth(
        .line(Point(0, leg.crotch), Point(-leg.hip * 0.5, leg.crotch - 0.05)),
        random.number(-0.4 ... -0.15), pen: 0.018)
    }
  }

  private mutating func addWaistband(_ leg: Leg, using random: inout RandomStream) {
    let height = random.number(0.035...0.06)
    if random.chance(0.75) {
      let band = Outline.rectangle(-1, -0.1, 1, height)
      shade(band, random.sign() * random.number(0.15...0.45))
    }
    if random.chance(0.55) {
      shade(.line(Point(0, 0), Point(0, leg.crotch)), random.number(-0.6 ... -0.25), pen: 0.014)
    }
    if random.chance(0.45) {
      let pocket = Outline(-leg.waist * 0.55, height)
        .curve(-leg.hip * 0.6, leg.crotch * 0.5, to: -leg.hip, leg.crotch * 0.5)
      shadeBoth(pocket, random.number(-0.6 ... -0.25), pen: 0.014)
      parts.append(.pockets)
    }
    if random.chance(0.15) {
      accent(.rectangle(-1, 0.005, 1, height))
      parts.append(.belt)
    }
  }
}
