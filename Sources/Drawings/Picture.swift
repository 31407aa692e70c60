import Randomness

/// A square picture in row-major order.
struct Picture {
  let size: Int
  var pixels: [Colour]

  /// Whether all pixels are grey.
  var isGrey: Bool {
    pixels.allSatisfy { $0.x == $0.y && $0.x == $0.z }
  }

  /// The red, green and blue of each pixel from 0 to 255.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pixels.count * 3)
    for pixel in pixels {
      let scaled = pixel.clamped(lowerBound: .black, upperBound: .white) * 255
      let rounded = scaled.rounded(.toNearestOrAwayFromZero)
      for channel in 0..<3 { bytes.append(UInt8(rounded[channel])) }
    }
    return bytes
  }

  /// Simulates camera artefacts: blurs some pictures and adds grey noise to some.
  mutating func wear(using random: inout RandomStream) {
    if random.chance(0.2) { blur(Float(random.number(0.04...0.2))) }
    if random.chance(0.3) { addNoise(Float(random.number(0.005...0.05)), using: &random) }
  }

  /// Blends each pixel with its neighbours, first along rows, then along columns.
  private mutating func blur(_ share: Float) {
    for step in [1, size] {
      let source = pixels
      for index in pixels.indices {
        let place = step == 1 ? index % size : index / size
        let before = place > 0 ? source[index - step] : source[index]
        let after = place < size - 1 ? source[index + step] : source[index]
        pixels[index] = source[index] * (1 - 2 * share) + (before + after) * share
      }
    }
  }

  /// Approximates normal noise by the sum of four uniform numbers, which fit in 64 random bits.
  private mutating func addNoise(_ deviation: Float, using random: inout RandomStream) {
    // A uniform 16-bit number has a standard deviation of 65,536 / sqrt(12); the sum of four, twice
    // that.
    let scale = deviation / (65_536 * 2 / Float(12).squareRoot())
    for index in pixels.indices {
      let bits = random.next()
      let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
      pixels[index] += Colour(repeating: (Float(sum) - 131_070) * scale)
    }
  }
}
