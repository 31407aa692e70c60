/// A square picture of one thing without a ground: red, green and blue, each already multiplied by
/// the fourth number, how much of the pixel is covered.
struct CutOut {
  let size: Int
  var pixels: [SIMD4<Float>]

  /// The mean lightness of what is covered.
  var lightness: Float {
    let total = pixels.reduce(.zero, +)
    return (total.x + total.y + total.z) / (3 * max(total.w, 1e-3))
  }

  /// Recolours the thing, pixel by pixel.
  mutating func recolour(_ tone: (Colour) -> Colour) {
    for index in pixels.indices where pixels[index].w > 0 {
      let coverage = pixels[index].w
      let straight = Colour(pixels[index].x, pixels[index].y, pixels[index].z) / coverage
      pixels[index] = SIMD4(tone(straight) * coverage, coverage)
    }
  }
}
