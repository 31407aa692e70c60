import Testing

@testable import Pretraining

struct PairSupplyTests {
  @Test func `drawings and pictures follow their shares, without held-out ones`() throws {
    let corpus = try SmallCorpus().read()
    let supply = PairSupply(seed: 2, imageSize: 12, drawnShare: 0.7, pictures: corpus.train)
    let captions = (0..<3000).map { supply.pair($0).caption }
    let pictured = captions.count { caption in
      ["red disc", "blue square, tilted", "green discs"].contains { caption.contains($0) }
    }
    // Drawn discs and squares may have the colours of the corpus' pictures.
    #expect(pictured > 850 && pictured < 1000)
    #expect(!captions.contains { $0.contains("white square") && $0.contains("round") })
    #expect(captions.contains("a photo of green discs."))
    #expect(captions.contains { $0.contains("red disc, round") || $0.contains("red disc, toy") })
    #expect(captions.contains { $0.contains("red disc, shapes") })
  }

  @Test func `a pair depends only on seed and position`() throws {
    let corpus = try SmallCorpus().read()
    let supply = PairSupply(seed: 2, imageSize: 12, drawnShare: 0.5, pictures: corpus.train)
    let pairs = (0..<40).map(supply.pair)
    #expect((0..<40).reversed().map(supply.pair) == pairs.reversed())
    #expect(pairs.allSatisfy { $0.pixels.count == 12 * 12 * 3 })
    let other = PairSupply(seed: 3, imageSize: 12, drawnShare: 0.5, pictures: corpus.train)
    #expect((0..<40).map(other.pair) != pairs)
  }

  @Test(arguments: [
    ("scissors", true), ("dog", false), ("glass", false), ("bus", false), ("tennis", false),
    ("two dogs", true),
  ])
  func `a plural is recognized by its last letters`(title: String, isPlural: Bool) {
    #expect(PictureCaption.isPlural(title) == isPlural)
  }
}
