/// A square picture of a thing without a background: premultiplied red, green and blue, and the
/// coverage of the pixel as the fourth component.
struct CutOut {
  let size: Int
  var pixels: [SIMD4<Float>]

  /// The mean lightness of the covered area.
  var lightness: Float {
    let total = pixels.reduce(.zero, +)
    return (total.x + total.y + total.z) / (3 * max(total.w, 1e-3))
  }

  /// Maps the thing's colours pixel by pixel.
  mutating func recolour(_ tone: (Colour) -> Colour) {
    for index in pixels.indices where pixels[index].w > 0 {
      let coverage = pixels[index].w
      let straight = Colour(pixels[index].x, pixels[index].y, pixels[index].z) / coverage
      pixels[index] = SIMD4(tone(straight) * coverage, coverage)
    }
  }
}
