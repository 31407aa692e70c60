import Randomness

extension Drawing {
  /// A boot in profile, its toe to the left, with a shaft up to the ankle or slightly above.
  static func ankleBoot(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let heel = random.pick(weighted: [
      0.0: 0.3, random.number(0.03...0.08): 0.35, random.number(0.1...0.26): 0.35,
    ])
    let sole = random.number(0.03...0.08)
    let top = -heel * 0.7 - random.number(0.6...0.95)
    let front = random.number(0.4...0.56)
    let toe = sole + random.number(0.08...0.17)
    let isPointed = random.chance(0.25)
    let back = random.number(0.93...1)

    drawing.fill(
      Outline(isPointed ? -0.04 : 0.02, -sole * 0.6)
        .curve(isPointed ? 0 : -0.01, -toe * (isPointed ? 0.8 : 1.1), to: 0.16, -toe - 0.03)
        .curve(
          front - 0.02, -toe - heel * 0.5 - 0.14, to: front + random.number(-0.01...0.03),
          top * 0.66
        )
        .line(front + random.number(-0.05...0.05), top + random.number(-0.02...0.04))
        .curve((front + back) / 2, top + random.number(-0.03...0.05), to: back, top)
        .curve(back - 0.04, top * 0.5, to: 0.97, -heel - 0.12)
        .line(0.96, -heel - sole * 0.8)
        .curve(0.62, -heel * 1.1 - sole, to: 0.42, -sole * 0.7)
        .closed())
    drawing.addBootSole(heel: heel, sole: sole, using: &random)
    drawing.addBootDetails(front: front, back: back, top: top, toe: toe, heel: heel, using: &random)
    if heel > 0.16 { drawing.parts.append(.highHeel) }
    if heel == 0 { drawing.parts.append(.flatSole) }
    return drawing
  }

  private mutating func addBootSole(
    heel: Double, sole: Double, using random: inout RandomStream
  ) {
    let inner = random.number(0.66...0.8)
    var outline = Outline(-0.01, -sole).line(0.4, -sole)
    outline =
      outline.curve(0.62, -heel - sole, to: 0.97, -heel - sole)
      .line(1, -heel - sole * 0.9)
    let foot = heel > 0.14 ? random.number(0...0.12) : 0
    if heel < 0.02 {
      outline = outline.line(0.99, 0).line(0.02, 0).closed()
    } else {
      outline = outline.line(1 - foot * 0.3, 0).line(inner + foot, 0)
        .line(inner - 0.01, -heel * 0.9).curve(0.56, -heel * 0.7, to: 0.44, 0)
        .line(0.03, 0).closed()
    }
    if random.chance(0.55) {
      accent(outline, isConfined: false)
    } else {
      fill(outline)
      shade(outline, (random.chance(0.75) ? -1 : 1) * random.number(0.15...0.5))
    }
    if random.chance(0.55) {
      let welt = Outline(-0.01, -sole).line(0.4, -sole)
        .curve(0.62, -heel - sole, to: 0.98, -heel - sole)
      shade(welt, random.number(-0.8 ... -0.3), pen: 0.018)
    }
  }

  private mutating func addBootDetails(
    front: Double, back: Double, top: Double, toe: Double, heel: Double,
    using random: inout RandomStream
  ) {
    let instep = Point(front - 0.08, -toe - heel * 0.4 - 0.14)
    switch random.uniform() {
    case ..<0.3:
      addLaces(from: instep, to: Point(front, top + 0.08), using: &random)
      parts.append(.laces)
      variant = "lace up boot"
    case ..<0.5:
      let x = (front + back) / 2 + 0.02
      let panel = Outline(x - 0.1, top - 0.05).curve(x - 0.04, top * 0.5, to: x, top * 0.42)
        .curve(x + 0.05, top * 0.5, to: x + 0.11, top - 0.05).closed()
      shade(panel, random.sign() * random.number(0.25...0.6))
      variant = "chelsea boot"
    case ..<0.68:
      let x = front + (back - front) * random.number(0.4...0.7)
      shade(
        .line(Point(x, top), Point(x + 0.02, -heel - 0.12)),
        random.sign() * random.number(0.4...0.8),
        pen: 0.018)
      parts.append(.zip)
    default: break
    }
    if random.chance(0.28) {
      let y = top * random.number(0.45...0.7)
      let strap = Outline(front - 0.1, y + 0.02).curve(0.7, y + 0.05, to: 1.05, y - 0.02)
      shade(strap, random.sign() * random.number(0.3...0.6), pen: random.number(0.03...0.06))
      shade(.rectangle(0.74, y - 0.01, 0.8, y + 0.06), random.number(0.4...0.9), pen: 0.016)
    }
    if random.chance(0.25) {
      let cuff = Outline.rectangle(0.2, top - 0.2, 1.2, top + random.number(0.07...0.16))
      if random.chance(0.3) {
        accent(cuff)
      } else {
        shade(cuff, random.sign() * random.number(0.2...0.5))
      }
    }
    if random.chance(0.4) {
      let seam = Outline(front - 0.12, -toe - 0.1).curve(front + 0.06, -toe, to: front + 0.08, 0)
      shade(seam, random.number(-0.5 ... -0.2), pen: 0.014)
    }
    if random.chance(0.5) {
      let light = Outline(front + 0.08, top + 0.1)
        .curve(front + 0.06, top * 0.4, to: 0.2, -toe * 0.9)
      shade(light, random.number(0.1...0.35), pen: random.number(0.03...0.07))
    }
  }
}
