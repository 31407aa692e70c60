import CCairo
import Randomness

/// A square Cairo surface for painting a drawing at a higher resolution than the final picture.
final class Canvas {
  /// The supersampling factor per side; Cairo antialiases edges in addition.
  static let fineness = 3

  private let size: Int
  private let surface: OpaquePointer
  private let context: OpaquePointer

  init(size: Int) {
    self.size = size
    surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(size), Int32(size))
    context = cairo_create(surface)
    precondition(
      cairo_status(context) == CAIRO_STATUS_SUCCESS, "no memory for a canvas of \(size) pixels")
    // Uses the default antialiasing: the fast one writes past its buffers in Cairo 1.16.
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_tolerance(context, 0.3)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  func paint(
    _ drawing: Drawing, in fabric: Fabric, placed placement: Placement,
    using random: inout RandomStream
  ) {
    let frame = placement.frame(size: Double(size))
    let bounds = drawing.bounds
    let scale = 1 / max(bounds.size.max(), 1e-9)
    let map = frame.after(centring: bounds.centre, scalingBy: scale)

    use(map)
    for mark in drawing.body { paint(mark, fabric) }
    if fabric.rim != 0 {
      for mark in drawing.body where mark.pen == nil {
        var rim = mark
        rim.ink = .shade(fabric.rim)
        rim.pen = fabric.rimWidth * 2 / scale
        rim.isConfined = true
        paint(rim, fabric)
      }
    }
    paintPattern(fabric, on: frame)
    if fabric.texture.strength > 0 { paintTexture(fabric, using: &random) }
    use(map)
    for mark in drawing.details { paint(mark, fabric) }
    if fabric.sideShade > 0 { paintSideShade(fabric.sideShade, on: frame) }
  }

  /// Paints a picture so that its longer side fills the frame.
  func paint(_ picture: CutOutPicture, placed placement: Placement) {
    let (width, height) = (Double(picture.width), Double(picture.height))
    let frame = placement.frame(size: Double(size))
    use(
      frame.after(
        centring: Point(width / 2, height / 2), scalingBy: 1 / max(width, height)))
    picture.withSurface { surface in
      cairo_set_source_surface(context, surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
      cairo_set_operator(context, CAIRO_OPERATOR_OVER)
      cairo_paint(context)
    }
  }

  /// Downsamples by the mean of each block of `factor` times `factor` pixels.
  func cutOut(shrunkBy factor: Int) -> CutOut {
    cairo_surface_flush(surface)
    let side = size / factor
    var pixels = [SIMD4<Float>](repeating: .zero, count: side * side)
    guard let data = cairo_image_surface_get_data(surface) else {
      preconditionFailure("an image surface has pixels")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let share = 1 / (255 * Float(factor * factor))
    for row in 0..<side {
      for column in 0..<side {
        var sum = SIMD4<UInt32>.zero
        for line in 0..<factor {
          let start = data + (row * factor + line) * stride + column * factor * 4
          start.withMemoryRebound(to: UInt32.self, capacity: factor) { words in
            for index in 0..<factor {
              let word = words[index]
              let bytes = SIMD4<UInt32>(repeating: word) &>> SIMD4(16, 8, 0, 24)
              sum &+= bytes & SIMD4(repeating: 0xff)
            }
          }
        }
        pixels[row * side + column] = SIMD4<Float>(sum) * share
      }
    }
    return CutOut(size: side, pixels: pixels)
  }

  // MARK: Marks

  private func paint(_ mark: Mark, _ fabric: Fabric) {
    trace(mark.outline)
    switch mark.ink {
    case .fabric: use(fabric.base)
    case .accent: use(fabric.accent)
    case .shade(let amount): use(amount < 0 ? .black : .white, opacity: abs(amount))
    }
    cairo_set_operator(context, mark.isConfined ? CAIRO_OPERATOR_ATOP : CAIRO_OPERATOR_OVER)
    if let pen = mark.pen {
      cairo_set_line_width(context, pen)
      cairo_stroke(context)
    } else {
      cairo_fill(context)
    }
  }

  private func trace(_ outline: Outline) {
    cairo_new_path(context)
    cairo_move_to(context, outline.start.x, outline.start.y)
    var from = outline.start
    for segment in outline.segments {
      if let control = segment.control {
        // The cubic curve equal to the quadratic one.
        let first = from + (control - from) * (2 / 3.0)
        let second = segment.end + (control - segment.end) * (2 / 3.0)
        cairo_curve_to(context, first.x, first.y, second.x, second.y, segment.end.x, segment.end.y)
      } else {
        cairo_line_to(context, segment.end.x, segment.end.y)
      }
      from = segment.end
    }
    if outline.isClosed { cairo_close_path(context) }
  }

  // MARK: Surfaces

  private func paintPattern(_ fabric: Fabric, on frame: AffineMap) {
    cairo_set_operator(context, CAIRO_OPERATOR_ATOP)
    switch fabric.pattern {
    case .plain: return
    case .striped(let period, let share, let angle):
      use(fabric.second)
      paintStripes(on: frame.after(turningBy: angle), period: period, share: share)
    case .checked(let period, let share):
      // Where two translucent stripes cross, the colour is stronger, as in a woven check.
      use(fabric.second, opacity: 0.6)
      paintStripes(on: frame, period: period, share: share)
      paintStripes(on: frame.after(turningBy: .pi / 2), period: period, share: share)
    case .dotted(let period, let radius):
      use(fabric.second)
      use(frame)
      paintDots(period: period, radius: radius)
    case .graded:
      use(frame)
      paintGradient(
        from: Point(0, -0.5), to: Point(0, 0.5),
        stops: [(0, fabric.second, 0), (1, fabric.second, 0.9)])
    }
  }

  private func paintStripes(on map: AffineMap, period: Double, share: Double) {
    use(map)
    for start in stride(from: -0.72, to: 0.72, by: period) {
      cairo_rectangle(context, -0.75, start, 1.5, period * share)
    }
    cairo_fill(context)
  }

  private func paintDots(period: Double, radius: Double) {
    var isOdd = false
    for y in stride(from: -0.5, through: 0.5, by: period * 0.75) {
      for x in stride(from: -0.5, through: 0.5, by: period) {
        cairo_new_sub_path(context)
        cairo_arc(context, x + (isOdd ? period / 2 : 0), y, radius, 0, 2 * .pi)
      }
      isOdd.toggle()
    }
    cairo_fill(context)
  }

  /// Paints light and dark clouds over everything.
  private func paintTexture(_ fabric: Fabric, using random: inout RandomStream) {
    let cells = fabric.texture.cells
    let clouds = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(cells), Int32(cells))
    defer { cairo_surface_destroy(clouds) }
    cairo_surface_flush(clouds)
    guard let data = cairo_image_surface_get_data(clouds) else { return }
    let stride = Int(cairo_image_surface_get_stride(clouds))
    for row in 0..<cells {
      for column in 0..<cells {
        let level = random.number(-1...1)
        let opacity = UInt8(255 * fabric.texture.strength * abs(level))
        let light = level > 0 ? opacity : 0
        let pixel = UInt32(opacity) << 24 | UInt32(light) * 0x01_0101
        UnsafeMutableRawPointer(data).storeBytes(
          of: pixel, toByteOffset: row * stride + column * 4, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(clouds)
    cairo_identity_matrix(context)
    // One cell more than fits, so that the soft outer edge of the clouds is outside.
    let scale = Double(size) / Double(max(1, cells - 2))
    cairo_scale(context, scale, scale)
    cairo_set_source_surface(context, clouds, -1, -1)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BILINEAR)
    cairo_set_operator(context, CAIRO_OPERATOR_ATOP)
    cairo_paint(context)
  }

  private func paintSideShade(_ amount: Double, on frame: AffineMap) {
    use(frame)
    paintGradient(
      from: Point(-0.5, 0), to: Point(0.5, 0),
      stops: [(0, .black, amount), (0.35, .black, 0), (0.65, .black, 0), (1, .black, amount)])
  }

  private func paintGradient(
    from: Point, to: Point, stops: [(place: Double, colour: Colour, opacity: Double)]
  ) {
    let gradient = cairo_pattern_create_linear(from.x, from.y, to.x, to.y)
    defer { cairo_pattern_destroy(gradient) }
    for stop in stops {
      cairo_pattern_add_color_stop_rgba(
        gradient, stop.place, Double(stop.colour.x), Double(stop.colour.y), Double(stop.colour.z),
        stop.opacity)
    }
    cairo_set_source(context, gradient)
    cairo_set_operator(context, CAIRO_OPERATOR_ATOP)
    cairo_paint(context)
  }

  // MARK: State of the context

  private func use(_ map: AffineMap) {
    var matrix = cairo_matrix_t(
      xx: map.x.x, yx: map.x.y, xy: map.y.x, yy: map.y.y, x0: map.origin.x, y0: map.origin.y)
    cairo_set_matrix(context, &matrix)
  }

  private func use(_ colour: Colour, opacity: Double = 1) {
    cairo_set_source_rgba(
      context, Double(colour.x), Double(colour.y), Double(colour.z), opacity)
  }
}
