import Testing

@testable import Drawings

struct PictureTests {
  private let source = DrawnPairSource(seed: 12, imageSize: 28)

  @Test(arguments: DrawingKind.allCases)
  func `the thing contrasts with its background`(kind: DrawingKind) {
    let count = 100
    let visible = (0..<count).count { index in
      let scene = source.scene(index, of: kind)
      return contrast(of: scene) > 0.15
    }
    #expect(Double(visible) >= 0.98 * Double(count))
  }

  @Test(arguments: DrawingKind.allCases)
  func `the thing covers one part of the picture, and the background another`(kind: DrawingKind) {
    let plain = DrawnPairSource(seed: 12, imageSize: 28, style: .plain)
    for index in 0..<30 {
      let area = plain.scene(index, of: kind).thing.pixels.reduce(0) { $0 + $1.w } / 784
      #expect(area > 0.03 && area < 0.97)
    }
  }

  @Test(arguments: DrawingKind.allCases)
  func `a plain drawing fills its frame along the longer side, in the middle`(kind: DrawingKind) {
    let plain = DrawnPairSource(seed: 3, imageSize: 28, style: .plain)
    for index in 0..<30 {
      let pixels = plain.scene(index, of: kind).thing.pixels
      let covered = pixels.indices.filter { pixels[$0].w > 0.02 }
      let columns = covered.map { $0 % 28 }
      let rows = covered.map { $0 / 28 }
      guard let left = columns.min(), let right = columns.max() else {
        Issue.record("nothing is drawn")
        continue
      }
      let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
      #expect(max(right - left, bottom - top) >= 24)
      #expect(abs(left + right - 27) <= 3)
      #expect(abs(top + bottom - 27) <= 3)
    }
  }

  @Test func `backgrounds are black in half of the pictures and white in a quarter`() {
    let scenes = (0..<1_000).map { source.scene($0, of: .bag) }
    let black = scenes.count { $0.ground.top == .black && $0.ground.bottom == .black }
    let white = scenes.count { $0.ground.top == .white && $0.ground.bottom == .white }
    #expect(abs(black - 500) < 70)
    #expect(abs(white - 250) < 70)
  }

  @Test func `most pictures are grey, some are coloured`() {
    let grey = (0..<500).count { source.pair($0).isGrey }
    #expect(grey > 250 && grey < 450)
  }

  /// The mean difference in lightness between the thing and its background.
  private func contrast(of scene: DrawnScene) -> Float {
    var sum: Float = 0
    var weight: Float = 0
    for pixel in scene.thing.pixels where pixel.w > 0.3 {
      let straight = Colour(pixel.x, pixel.y, pixel.z) / pixel.w
      sum += abs(straight.lightness - scene.ground.lightness) * pixel.w
      weight += pixel.w
    }
    return weight == 0 ? 0 : sum / weight
  }
}
