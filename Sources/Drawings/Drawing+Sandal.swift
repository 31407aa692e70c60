import Randomness

extension Drawing {
  /// An open shoe in profile, its toe to the left: a sole and a few straps with gaps between them.
  static func sandal(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let style = random.pick(weighted: ["flat": 0.42, "heel": 0.36, "wedge": 0.22])
    let heel = style == "flat" ? random.number(0...0.05) : random.number(0.14...0.42)
    let sole = random.number(0.03...0.07) + (random.chance(0.2) ? 0.05 : 0)
    let bed = SandalBed(heel: heel, sole: sole)
    drawing.addSandalSole(bed, style: style, using: &random)

    switch random.uniform() {
    case ..<0.2 where style == "flat":
      drawing.addThong(on: bed, using: &random)
      drawing.variant = "flip flop"
    case ..<0.38 where style == "flat": drawing.addBroadBand(on: bed, using: &random)
    default:
      if random.chance(0.3) {
        drawing.addVamp(on: bed, using: &random)
      } else {
        drawing.addToeStraps(on: bed, using: &random)
      }
      if random.chance(0.85) { drawing.addHeelStraps(on: bed, using: &random) }
    }
    drawing.parts.append(.straps)
    switch style {
    case "heel":
      drawing.variant = "high heel sandal"
      if heel > 0.2 { drawing.parts.append(.highHeel) }
    case "wedge": drawing.variant = "wedge sandal"
    default: drawing.parts.append(.flatSole)
    }
    return drawing
  }

  /// The curve of the footbed.
  private struct SandalBed {
    var heel: Double
    var sole: Double

    var top: Outline {
      Outline(0, -sole - 0.015).curve(0.12, -sole, to: 0.32, -sole)
        .curve(0.52, -sole - heel * 0.15, to: 0.66, -sole - heel * 0.65)
        .curve(0.78, -sole - heel * 1.02, to: 0.98, -sole - heel)
    }

    /// The height of the bed at a distance from the toe, by linear interpolation.
    func height(at x: Double) -> Double {
      -sole - heel * max(0, min(1, (x - 0.38) / 0.4))
    }
  }

  private mutating func addSandalSole(
    _ bed: SandalBed, style: String, using random: inout RandomStream
  ) {
    let (heel, sole) = (bed.heel, bed.sole)
    if style == "wedge" {
      fill(
        bed.top.line(1 - random.number(0...0.06), 0)
          .line(0.55, 0).curve(0.3, 0.005, to: 0.04, -sole * 0.2).closed())
      let rim = bed.top
      shade(rim, random.sign() * random.number(0.3...0.7), pen: 0.03)
      if random.chance(0.4) {
        for line in 1...3 {
          let y = -Double(line) * max(0.04, heel / 4)
          shade(.line(Point(0, y), Point(1, y)), random.number(-0.4 ... -0.15), pen: 0.016)
        }
      }
      return
    }
    let under = Outline(0.99, -heel - sole * 0.2)
      .curve(0.78, -heel, to: 0.66, -heel * 0.65)
      .curve(0.52, -heel * 0.15, to: 0.32, 0)
      .curve(0.1, 0, to: 0, -sole * 0.6)
    let outline = bed.top.joined(under).closed()
    if random.chance(0.4) { accent(outline, isConfined: false) } else { fill(outline) }
    guard style == "heel" else { return }
    let width = random.pick([random.number(0.025...0.05), random.number(0.1...0.17)])
    let inner = 0.98 - max(0.1, width * 1.2)
    let post = Outline(0.985, -heel - sole * 0.4).curve(0.97, -heel * 0.5, to: 0.97, 0)
      .line(0.97 - width, 0).curve(0.95 - width, -heel * 0.5, to: inner, -heel * 0.97).closed()
    if random.chance(0.3) { accent(post, isConfined: false) } else { fill(post) }
  }

  /// Adds straps across the toes, side by side or crossed.
  private mutating func addToeStraps(on bed: SandalBed, using random: inout RandomStream) {
    let count = random.count(1...4)
    let pen = random.number(0.025...0.075)
    let rise = random.number(0.1...0.2)
    let isCrossed = random.chance(0.3)
    for index in 0..<count {
      let x = 0.08 + Double(index) * random.number(0.07...0.12)
      let lean = isCrossed && index.isMultiple(of: 2) ? -0.1 : 0.12
      let end = x + random.number(0.12...0.24)
      let arch = Outline(x, bed.height(at: x))
        .curve(
          (x + end) / 2 + lean, bed.height(at: end) - rise * 2 + 0.03, to: end, bed.height(at: end))
      stroke(arch, pen)
    }
  }

  /// Adds a piece of leather over the toes, open in front, with a few cutouts.
  private mutating func addVamp(on bed: SandalBed, using random: inout RandomStream) {
    let front = random.number(0.05...0.14)
    let end = random.number(0.38...0.5)
    let rise = random.number(0.12...0.22)
    let vamp = Outline(front, bed.height(at: front))
      .curve(
        front + 0.06, bed.height(at: end) - rise * 0.7, to: front + 0.16, bed.height(at: end) - rise
      )
      .curve(end - 0.06, bed.height(at: end) - rise, to: end, bed.height(at: end)).closed()
    fill(vamp)
    for _ in 0..<random.count(0...3) {
      let x = random.number(front...end)
      let slit = Outline.line(
        Point(x, bed.height(at: x)), Point(x + random.number(0...0.1), bed.height(at: end) - rise))
      shade(slit, random.number(-0.95 ... -0.5), pen: random.number(0.015...0.04))
    }
  }

  /// Adds straps around heel and ankle.
  private mutating func addHeelStraps(on bed: SandalBed, using random: inout RandomStream) {
    let pen = random.number(0.025...0.06)
    let back = Point(0.95, bed.height(at: 0.95))
    let height = random.number(0.14...0.3)
    let ankle = back - Point(random.number(-0.02...0.04), height)
    if random.chance(0.25) {
      let counter = Outline(back).curve(back + Point(0.04, -height * 0.5), to: ankle)
        .curve(ankle + Point(-0.08, height * 0.5), to: Point(0.7, bed.height(at: 0.7))).closed()
      fill(counter)
    } else {
      stroke(Outline(back).curve(back + Point(0.05, -height * 0.5), to: ankle), pen)
    }

    let front = ankle + Point(-random.number(0.26...0.38), random.number(-0.08...0.08))
    if random.chance(0.75) {
      // The near and far halves of the ankle strap.
      let sag = random.number(0.02...0.09)
      let middle = (ankle + front) / 2
      stroke(Outline(ankle).curve(middle + Point(0, sag), to: front), pen)
      if random.chance(0.5) {
        let far = Outline(ankle).curve(middle - Point(0, sag), to: front)
        stroke(far, pen * 0.7)
      }
      if random.chance(0.4) {
        shade(.circle(middle.x, middle.y + sag * 0.5, radius: 0.025), random.sign() * 0.8)
      }
    }
    switch random.uniform() {
    case ..<0.35:
      let foot = random.number(0.42...0.58)
      let strap = Outline(ankle)
        .curve(front + Point(0.1, 0.12), to: Point(foot, bed.height(at: foot)))
      stroke(strap, pen)
    case ..<0.6:
      let x = random.number(0.2...0.3)
      let strap = Outline(front)
        .curve(
          front + Point(-0.14, 0.08), to: Point(x, bed.height(at: x) - random.number(0.08...0.14)))
      stroke(strap, pen)
    default: break
    }
  }

  /// Adds the strap of a flip-flop, from between the toes to both sides.
  private mutating func addThong(on bed: SandalBed, using random: inout RandomStream) {
    let post = Point(random.number(0.2...0.28), -bed.sole - random.number(0.06...0.12))
    let pen = random.number(0.03...0.06)
    stroke(.line(post, Point(post.x - 0.03, -bed.sole)), pen)
    let end = random.number(0.55...0.68)
    stroke(
      Outline(post).curve(0.4, post.y - random.number(0.06...0.14), to: end, bed.height(at: end)),
      pen)
    if random.chance(0.5) {
      stroke(
        Outline(post).curve(0.36, post.y - 0.02, to: end - 0.1, bed.height(at: end)), pen * 0.8)
    }
  }

  /// Adds a single broad band over the foot, as on slides.
  private mutating func addBroadBand(on bed: SandalBed, using random: inout RandomStream) {
    let rise = random.number(0.16...0.26)
    let front = random.number(0.1...0.2)
    let band = Outline(front, -bed.sole).curve(front + 0.04, -rise * 0.7, to: front + 0.14, -rise)
      .curve(0.46, -rise - 0.12, to: 0.52, -rise - 0.08)
      .curve(0.56, -rise * 0.5, to: 0.62, bed.height(at: 0.6)).closed()
    fill(band)
    shade(band, random.sign() * random.number(0.15...0.45))
    if random.chance(0.4) {
      shade(
        Outline(front + 0.08, -rise * 0.6).curve(0.4, -rise, to: 0.56, -rise * 0.7),
        random.sign() * 0.5, pen: 0.03)
    }
  }
}
