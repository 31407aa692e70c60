import CLIP
import Foundation
import TestSupport
import Testing

struct TokenizerCorpusTests {
  private static let directory = Fixtures.directory.appending(path: "tokenizer")

  /// The number of differences that a failure shows.
  private static let shownDifferences = 5

  @Test(arguments: ["", "combined"])
  func `every text has the reference tokenizer's ids`(subdirectory: String) throws {
    let directory = Self.directory.appending(path: subdirectory)
    let corpus = try TokenizerCorpus.fixture()
    let differences = corpus.differences(from: try BytePairVocabulary(directory: directory))
    let shown = differences.prefix(Self.shownDifferences).joined(separator: "\n")
    #expect(
      differences.isEmpty,
      "\(differences.count) of \(corpus.cases.count) cases differ; the first:\n\(shown)")
  }

  @Test func `the corpus is large and includes truncated texts`() throws {
    let corpus = try TokenizerCorpus.fixture()
    #expect(corpus.distinctTextCount >= 2_100)
    for length in [2, 16, 77] {
      let atLength = corpus.cases.map(\.item).filter { $0.contextLength == length }
      #expect(atLength.contains { $0.ids.count == length })
    }
  }

  @Test func `the combined directory contains only a tokenizer.json`() throws {
    let combined = Self.directory.appending(path: "combined").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: combined) == ["tokenizer.json"])
    #expect(
      try BytePairVocabulary(directory: Self.directory.appending(path: "combined"))
        == BytePairVocabulary(directory: Self.directory))
  }

  @Test func `a difference is reported with its text and its tokens`() throws {
    let vocabulary = try BytePairVocabulary(
      ids: ["a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4],
      merges: [BytePairMerge("a", "b</w>")])
    let text = "ab\u{301}"
    let right = TokenizerCorpus.Case(text: "ab", contextLength: 77, ids: [3, 2, 4])
    let wrong = TokenizerCorpus.Case(text: text, contextLength: 3, ids: [3, 0, 9])
    #expect(
      TokenizerCorpus(["accents": [right, wrong]]).differences(from: vocabulary) == [
        """
        accents, cut at 3: "ab\\u{0301}"
          differs from token 1 on
          expected 0 a, 9 (no token)
          found    2 ab</w>, 4 <|endoftext|>
        """
      ])
  }
}
