import Drawings

extension DrawnPair {
  /// Whether red, green and blue are equal in each pixel.
  var isGrey: Bool {
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let red = pixels[start]
      if pixels[start + 1] != red || pixels[start + 2] != red { return false }
    }
    return true
  }
}
