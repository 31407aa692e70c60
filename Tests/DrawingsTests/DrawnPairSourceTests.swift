import Testing

@testable import Drawings

struct DrawnPairSourceTests {
  private let source = DrawnPairSource(seed: 5, imageSize: 28)

  @Test func `the same position of the same source gives the same pair, on any thread`() async {
    let first = (0..<60).map { source.pair($0) }
    let again = await withTaskGroup(of: (Int, DrawnPair).self) { group in
      for index in (0..<60).reversed() {
        group.addTask { [source] in (index, source.pair(index)) }
      }
      var pairs: [Int: DrawnPair] = [:]
      for await (index, pair) in group { pairs[index] = pair }
      return pairs
    }
    for (index, pair) in first.enumerated() { #expect(again[index] == pair) }
  }

  @Test func `different positions and seeds give different pictures`() {
    let other = DrawnPairSource(seed: 6, imageSize: 28)
    let pictures = (0..<50).flatMap { [source.pair($0).pixels, other.pair($0).pixels] }
    #expect(Set(pictures).count == pictures.count)
  }

  @Test(arguments: [1, 16, 28, 33])
  func `a picture has three bytes per pixel`(size: Int) {
    for style in [DrawnPairSource.Style.augmented, .plain] {
      let pair = DrawnPairSource(seed: 1, imageSize: size, style: style).pair(3)
      #expect(pair.size == size)
      #expect(pair.pixels.count == size * size * 3)
    }
  }

  @Test func `every kind appears, and garments twice as often as all others together`() {
    let count = 20_000
    let kinds = (0..<count).map { source.kind(at: $0) }
    #expect(Set(kinds) == Set(DrawingKind.allCases))
    let garments = kinds.count { DrawingKind.garments.contains($0) }
    let deviation = (Double(count) * 2 / 9).squareRoot()
    #expect(abs(Double(garments) - Double(count) * 2 / 3) < 4 * deviation)
  }

  @Test func `a label is the kind's index, and garments have Fashion-MNIST's labels`() {
    #expect(DrawingKind.garments.map(\.rawValue) == Array(0..<10))
    #expect(DrawingKind.garments.first == .tShirt)
    #expect(DrawingKind.garments.last == .ankleBoot)
    #expect(DrawingKind.others.count >= 20)
    #expect(source.pair(0, of: .bag).label == 8)
  }

  @Test func `a kind can be chosen, and the source's own choice gives the same pair`() {
    for index in 0..<30 {
      let pair = source.pair(index)
      #expect(source.pair(index, of: pair.kind) == pair)
    }
  }
}
