import Randomness

extension Drawing {
  /// A bag from the front: a handbag, tote, clutch, shoulder bag, backpack or holdall.
  static func bag(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    switch random.uniform() {
    case ..<0.42: drawing.addHandbag(using: &random)
    case ..<0.58: drawing.addTote(using: &random)
    case ..<0.68: drawing.addClutch(using: &random)
    case ..<0.82: drawing.addShoulderBag(using: &random)
    case ..<0.9: drawing.addBackpack(using: &random)
    default: drawing.addHoldall(using: &random)
    }
    return drawing
  }

  /// The body of a bag: a box with round corners whose upper edge may be narrower, y = 0 at the
  /// top.
  private struct Sack {
    var top, bottom, height, corner, sag: Double

    static func random(
      width: ClosedRange<Double>, height: ClosedRange<Double>, using random: inout RandomStream
    ) -> Sack {
      let bottom = random.number(width) / 2
      return Sack(
        top: bottom * random.number(0.75...1.06), bottom: bottom, height: random.number(height),
        corner: random.number(0.01...0.16), sag: random.number(-0.02...0.05))
    }

    var outline: Outline {
      Outline(0, sag * 0.4).line(-top, 0)
        .curve(-(top + bottom) / 2 - sag, height / 2, to: -bottom, height - corner)
        .curve(-bottom, height, to: -bottom + corner, height)
        .curve(-bottom / 2, height + sag * 0.6, to: 0, height + sag * 0.6)
        .symmetric()
    }
  }

  private mutating func addHandbag(using random: inout RandomStream) {
    let sack = Sack.random(width: 0.8...1.05, height: 0.5...0.78, using: &random)
    addHandle(on: sack, rise: random.number(0.15...0.42), using: &random)
    fill(sack.outline)
    addBagDetails(on: sack, using: &random)
  }

  private mutating func addTote(using random: inout RandomStream) {
    var sack = Sack.random(width: 0.7...0.95, height: 0.65...0.95, using: &random)
    sack.top = sack.bottom * random.number(0.95...1.2)
    addHandle(on: sack, rise: random.number(0.25...0.5), using: &random)
    fill(sack.outline)
    addBagDetails(on: sack, using: &random)
    variant = "tote bag"
  }

  private mutating func addClutch(using random: inout RandomStream) {
    let sack = Sack.random(width: 0.95...1.05, height: 0.42...0.66, using: &random)
    fill(sack.outline)
    addFlap(on: sack, using: &random)
    variant = "clutch"
  }

  private mutating func addShoulderBag(using random: inout RandomStream) {
    let sack = Sack.random(width: 0.75...1, height: 0.45...0.7, using: &random)
    let rise = random.number(0.45...0.8)
    let end = sack.top * random.number(0.75...0.98)
    let peak = random.number(-0.1...0.1)
    let strap = Outline(-end, 0.04).curve(-end * random.number(0.6...1), -rise, to: peak, -rise)
      .curve(end * random.number(0.6...1), -rise, to: end, 0.04)
    stroke(strap, random.number(0.02...0.045))
    fill(sack.outline)
    if random.chance(0.6) {
      addFlap(on: sack, using: &random)
    } else {
      addBagDetails(on: sack, using: &random)
    }
    parts.append(.longStrap)
    variant = "shoulder bag"
  }

  private mutating func addBackpack(using random: inout RandomStream) {
    let width = random.number(0.3...0.4)
    stroke(
      Outline(-0.08, 0.03).curve(-0.08, -0.1, to: 0, -0.1).curve(0.08, -0.1, to: 0.08, 0.03), 0.03)
    let sack = Outline(0, 0).curve(-width, 0, to: -width, 0.3).line(-width - 0.03, 0.9)
      .curve(-width, 1, to: 0, 1).symmetric()
    fill(sack)
    let top = random.number(0.5...0.6)
    let pocket = Outline.rounded(-width * 0.8, top, width * 0.8, 0.95, radius: 0.08)
    shade(pocket, random.number(-0.7 ... -0.3), pen: 0.02)
    shade(pocket, random.sign() * random.number(0.08...0.3))
    let zip = Outline(-width * 0.9, 0.45).curve(-width * 0.8, 0.12, to: 0, 0.12)
      .curve(width * 0.8, 0.12, to: width * 0.9, 0.45)
    shade(zip, random.sign() * random.number(0.3...0.6), pen: 0.02)
    parts.append(.pockets)
    variant = "backpack"
  }

  private mutating func addHoldall(using random: inout RandomStream) {
    let height = random.number(0.45...0.58)
    let sack = Sack(
      top: 0.42, bottom: 0.5, height: height, corner: 0.18, sag: random.number(0.02...0.05))
    addHandle(on: sack, rise: random.number(0.12...0.3), using: &random)
    fill(sack.outline)
    shade(.line(Point(-0.4, 0.05), Point(0.4, 0.05)), random.number(-0.7 ... -0.3), pen: 0.02)
    let x = random.number(0.16...0.26)
    let strap = Outline.line(Point(-x, 0), Point(-x, height + 0.1))
    if random.chance(0.5) {
      accent(strap, pen: 0.05)
      accent(strap.mirrored(), pen: 0.05)
    } else {
      shadeBoth(strap, random.sign() * 0.4, pen: 0.05)
    }
  }

  /// Adds the handle, or a second one that hangs in front of the bag.
  private mutating func addHandle(
    on sack: Sack, rise: Double, using random: inout RandomStream
  ) {
    let reach = sack.top * random.number(0.35...0.75)
    let pen = random.number(0.025...0.06)
    let squareness = random.number(0.6...1.1)
    let handle = Outline(-reach, 0.03).curve(-reach * squareness, -rise, to: 0, -rise)
      .curve(reach * squareness, -rise, to: reach, 0.03)
    stroke(handle, pen)
    if random.chance(0.35) {
      let front = handle.mapped { Point($0.x * 0.86, $0.y * 0.8 + 0.05) }
      stroke(front, pen)
      shade(front, random.sign() * random.number(0.2...0.5), pen: pen)
    }
    if random.chance(0.3) {
      shadeBoth(.circle(-reach, 0.04, radius: 0.03), random.sign() * 0.7)
    }
    parts.append(.handles)
  }

  private mutating func addFlap(on sack: Sack, using random: inout RandomStream) {
    let depth = sack.height * random.number(0.35...0.75)
    let pointed = random.chance(0.4)
    let flap = Outline(-sack.top - 0.05, -0.05)
      .line(-sack.top - 0.02, depth * (pointed ? 0.35 : 0.6))
      .curve(-sack.top * (pointed ? 0.4 : 0.9), depth, to: 0, depth)
      .curve(
        sack.top * (pointed ? 0.4 : 0.9), depth, to: sack.top + 0.02, depth * (pointed ? 0.35 : 0.6)
      )
      .line(sack.top + 0.05, -0.05)
    shade(flap, random.sign() * random.number(0.05...0.3))
    shade(flap, random.number(-0.85 ... -0.4), pen: random.number(0.016...0.03))
    addClasp(at: depth - random.number(0...0.04), using: &random)
    parts.append(.flap)
  }

  private mutating func addClasp(at y: Double, using random: inout RandomStream) {
    guard random.chance(0.7) else { return }
    let light = (random.chance(0.7) ? 1 : -1) * random.number(0.5...0.95)
    let size = random.number(0.025...0.05)
    shade(.rounded(-size, y - size, size, y + size, radius: size * random.number(0...1)), light)
  }

  private mutating func addBagDetails(on sack: Sack, using random: inout RandomStream) {
    switch random.uniform() {
    case ..<0.3: addFlap(on: sack, using: &random)
    case ..<0.55:
      let y = sack.height * random.number(0.08...0.2)
      let zip = Outline.line(Point(-sack.top * 0.9, y), Point(sack.top * 0.9, y))
      shade(zip, random.sign() * random.number(0.3...0.7), pen: random.number(0.015...0.03))
      addClasp(at: sack.height * 0.4, using: &random)
    case ..<0.75:
      let (x, y) = (sack.top * random.number(0.4...0.75), sack.height * random.number(0.35...0.55))
      let pocket = Outline.rounded(-x, y, x, sack.height * 0.92, radius: 0.04)
      shade(pocket, random.number(-0.7 ... -0.3), pen: 0.018)
      shade(pocket, random.sign() * random.number(0.05...0.2))
      parts.append(.pockets)
    case ..<0.88:
      let x = sack.top * random.number(0.4...0.7)
      shadeBoth(
        .line(Point(-x, 0), Point(-x, sack.height + 0.1)),
        random.sign() * random.number(0.25...0.6),
        pen: random.number(0.02...0.05))
    default:
      let y = sack.height * random.number(0.5...0.75)
      let base = Outline.rectangle(-1, y, 1, sack.height + 0.2)
      if random.chance(0.6) { accent(base) } else { shade(base, random.sign() * 0.4) }
    }
  }
}
