import TestSupport
import Testing

@testable import CLIP

private typealias Row = (tokens: [Int32], row: Int)

/// The pooled row of a text, and how texts are truncated, padded and selected.
struct TextBatchTests {
  private let configuration: CLIPConfiguration

  init() {
    var configuration = CLIPConfiguration.vitB32
    configuration.contextLength = 6
    configuration.endTokenID = 9
    self.configuration = configuration
  }

  @Test(
    arguments: [
      ([8, 1, 9], 2), ([8, 1, 9, 9, 9], 2), ([9, 9], 0), ([8, 9, 40, 9], 1), ([8, 40, 41], 0),
    ] as [Row])
  func `a text's pooled row is its first end token, or the first row`(
    tokens: [Int32], row: Int
  ) {
    #expect(configuration.endRow(of: tokens) == row)
  }

  @Test(
    arguments: [
      ([38, 2, 5, 39, 0, 0], 3), ([38, 2, 39, 39], 2), ([39, 2], 0), ([2, 2, 2], 0),
      ([1, 2, 7], 2),
    ] as [Row])
  func `with end token 2, the pooled row is the first with the largest id`(
    tokens: [Int32], row: Int
  ) {
    var old = configuration
    old.endTokenID = 2
    #expect(old.endRow(of: tokens) == row)
  }

  @Test func `texts are truncated after their end tokens`() {
    let batch = TextBatch([[8, 1, 9, 9, 0], [8, 9], [8, 1, 2, 9]], configuration)
    #expect(batch.count == 3)
    #expect(batch.tokens == [8, 1, 9, 8, 9, 8, 1, 2, 9])
    #expect(batch.lengths == [3, 2, 4])
    #expect(batch.endRows == [2, 4, 8])
  }

  @Test func `padded texts have the context's length and unchanged end rows`() {
    let batch = TextBatch(padding: [[8, 1, 9], [8, 1, 2, 3, 4, 9], [8, 9, 0]], configuration)
    #expect(batch.tokens == [8, 1, 9, 9, 9, 9] + [8, 1, 2, 3, 4, 9] + [8, 9, 0, 0, 0, 0])
    #expect(batch.lengths == [6, 6, 6])
    #expect(batch.endRows == [2, 11, 13])
  }

  @Test(arguments: [[], [1], [2, 0], [1, 1, 2], [0, 1, 2]])
  func `selected texts equal a batch of them alone`(indices: [Int]) {
    let texts: [[Int32]] = [[8, 1, 9], [8, 9], [8, 1, 2, 9]]
    for (batch, alone) in [
      (TextBatch(texts, configuration), TextBatch(indices.map { texts[$0] }, configuration)),
      (
        TextBatch(padding: texts, configuration),
        TextBatch(padding: indices.map { texts[$0] }, configuration)
      ),
    ] {
      let chosen = batch.selecting(indices)
      #expect(chosen.tokens == alone.tokens)
      #expect(chosen.lengths == alone.lengths)
      #expect(chosen.endRows == alone.endRows)
    }
  }
}
