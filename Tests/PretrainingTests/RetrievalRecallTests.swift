import Testing

@testable import Pretraining

struct RetrievalRecallTests {
  @Test func `a caption counts if one of its pictures is among the nearest`() {
    // Seven pictures; the first caption has two of them, the second four, the third one.
    let targets = [0, 0, 1, 1, 1, 1, 2]
    let cosines: [Float] = [
      0.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4,  // The second picture is nearest, and its own.
      0.9, 0.8, 0.7, 0.1, 0.1, 0.1, 0.2,  // Its own is third.
      0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3,  // Its own is seventh.
    ]
    let recall = RetrievalRecall(cosines: cosines, captions: 3, targets: targets)
    #expect(recall.atOne == 1 / 3.0)
    #expect(recall.atFive == 2 / 3.0)
    #expect(recall.pictures == 7)
  }

  @Test func `a tie with another caption's picture does not count`() {
    let recall = RetrievalRecall(cosines: [0.5, 0.5], captions: 1, targets: [0, 1])
    #expect(recall.atOne == 0)
    #expect(recall.atFive == 1)
  }
}
