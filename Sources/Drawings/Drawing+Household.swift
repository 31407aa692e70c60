import Randomness

extension Drawing {
  static func cup(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let top = random.number(0.28...0.4)
    let bottom = top * random.number(0.6...1)
    let height = random.number(0.55...0.9)
    let handle = Outline(top - 0.03, height * 0.18)
      .curve(top + random.number(0.3...0.42), height * 0.35, to: bottom - 0.01, height * 0.75)
    drawing.stroke(handle, random.number(0.05...0.09))
    drawing.fill(
      Outline(0, 0).line(-top, 0).curve(-top, height * 0.6, to: -bottom, height)
        .line(0, height + 0.03).symmetric())
    if random.chance(0.6) {
      let mouth = Outline.ellipse(0, 0.02, top, 0.05)
      drawing.fill(mouth)
      drawing.shade(mouth, random.number(-0.6 ... -0.3))
    }
    if random.chance(0.3) {
      drawing.accent(.rectangle(-1, height * 0.4, top - 0.02, height * 0.6))
    }
    return drawing
  }

  static func bottle(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let neck = random.number(0.05...0.08)
    let width = random.number(0.13...0.22)
    let shoulder = random.number(0.3...0.45)
    drawing.fill(
      Outline(0, 0).line(-neck, 0).line(-neck, shoulder - 0.14)
        .curve(-width, shoulder - 0.06, to: -width, shoulder + 0.06)
        .line(-width, 0.96).curve(-width, 1, to: -width + 0.05, 1).line(0, 1).symmetric())
    drawing.accent(.rectangle(-neck - 0.015, -0.05, neck + 0.015, 0.05), isConfined: false)
    if random.chance(0.6) {
      let label = Outline.rectangle(
        -1, shoulder + random.number(0.1...0.2), 1, random.number(0.75...0.88))
      if random.chance(0.5) {
        drawing.accent(label)
      } else {
        drawing.shade(label, random.sign() * 0.5)
      }
    }
    let light = Outline.line(Point(-width * 0.6, shoulder + 0.08), Point(-width * 0.6, 0.9))
    drawing.shade(light, 0.45, pen: 0.025)
    return drawing
  }

  static func chair(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let pen = random.number(0.05...0.08)
    let depth = random.number(0.4...0.55)
    let seat = random.number(0.45...0.56)
    let lean = random.number(0...0.1)
    drawing.stroke(Outline(-lean, 0).line(0.02, seat).line(0.02 - lean * 0.4, 1), pen)
    drawing.stroke(.line(Point(depth - 0.03, seat), Point(depth + lean * 0.4, 1)), pen)
    drawing.fill(.rectangle(0, seat - 0.02, depth + 0.02, seat + random.number(0.05...0.1)))
    if random.chance(0.5) {
      drawing.stroke(.line(Point(-lean * 0.9, 0.02), Point(-lean * 0.3, seat * 0.6)), pen * 1.8)
    }
    if random.chance(0.35) {
      drawing.stroke(.line(Point(0.02, seat + 0.28), Point(depth, seat + 0.28)), pen * 0.6)
    }
    drawing.shade(.line(Point(0, seat + 0.05), Point(depth, seat + 0.05)), -0.5, pen: 0.02)
    return drawing
  }

  static func table(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let height = random.number(0.42...0.62)
    let board = random.number(0.05...0.09)
    let inset = random.number(0.02...0.12)
    let pen = random.number(0.04...0.08)
    if random.chance(0.25) {
      drawing.stroke(.line(Point(0, 0), Point(0, height)), pen * 1.3)
      drawing.fill(.rectangle(-0.2, height - 0.04, 0.2, height))
    } else {
      for side in [-1.0, 1] {
        let x = side * (0.5 - inset)
        drawing.stroke(.line(Point(x, 0), Point(x + side * inset * 0.4, height)), pen)
      }
      if random.chance(0.35) { drawing.fill(.rectangle(-0.5 + inset, 0, 0.5 - inset, board * 2)) }
    }
    let top = Outline.rectangle(-0.5, 0, 0.5, board)
    drawing.fill(top)
    drawing.shade(.line(Point(-0.5, board), Point(0.5, board)), -0.5, pen: 0.02)
    return drawing
  }

  static func lamp(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let top = random.number(0.1...0.22)
    let bottom = top + random.number(0.08...0.2)
    let shadeHeight = random.number(0.3...0.45)
    drawing.stroke(.line(Point(0, shadeHeight * 0.5), Point(0, 1)), random.number(0.035...0.06))
    drawing.fill(.ellipse(0, 0.98, random.number(0.16...0.26), 0.045))
    let hood = Outline(0, 0).line(-top, 0).line(-bottom, shadeHeight).line(0, shadeHeight)
      .symmetric()
    if random.chance(0.5) { drawing.accent(hood, isConfined: false) } else { drawing.fill(hood) }
    drawing.shade(.line(Point(-1, shadeHeight), Point(1, shadeHeight)), -0.5, pen: 0.03)
    return drawing
  }

  static func umbrella(using random: inout RandomStream) -> Drawing {
    var drawing = Drawing()
    let height = random.number(0.34...0.48)
    drawing.fill(
      Outline(0, -height).curve(-0.46, -height, to: -0.5, 0)
        .curve(-0.36, -0.09, to: -0.25, 0).curve(-0.12, -0.09, to: 0, 0).symmetric())
    let length = random.number(0.42...0.55)
    let pen = random.number(0.03...0.045)
    drawing.stroke(
      Outline(0, -height - 0.06).line(0, length)
        .curve(0, length + 0.1, to: -0.07, length + 0.1)
        .curve(-0.14, length + 0.1, to: -0.14, length), pen)
    for x in [-0.25, 0, 0.25] {
      let rib = Outline(0, -height).curve(x * 1.2, -height * 0.8, to: x, 0)
      drawing.shade(rib, random.number(-0.6 ... -0.3), pen: 0.014)
    }
    return drawing
  }
}
