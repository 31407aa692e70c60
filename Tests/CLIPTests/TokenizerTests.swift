import Foundation
import TestSupport
import Testing

@testable import CLIP

struct TokenizerTests {
  private static func fixtureTokenizer() throws -> CLIPTokenizer {
    try CLIPTokenizer(directory: Fixtures.directory.appending(path: "tokenizer"))
  }

  @Test func `a text is framed by the start and end tokens`() throws {
    let tokenizer = try Self.fixtureTokenizer()
    #expect(tokenizer.encode("") == [tokenizer.startToken, tokenizer.endToken])
    #expect(tokenizer.vocabularySize == Int(tokenizer.endToken) + 1)
  }

  @Test(arguments: [2, 3, 7, 77])
  func `a long text is truncated with the end token last`(contextLength: Int) throws {
    let tokenizer = try Self.fixtureTokenizer()
    let text = String(repeating: "one more photo ", count: 100)
    let whole = tokenizer.encode(text, contextLength: 10_000)
    let cut = tokenizer.encode(text, contextLength: contextLength)
    #expect(cut == whole.prefix(contextLength - 1) + [tokenizer.endToken])
  }

  @Test func `bytes missing in the vocabulary become the end token`() throws {
    let tokenizer = try CLIPTokenizer(
      vocabulary: ["a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4],
      merges: [BytePairMerge("a", "b</w>")])
    #expect(tokenizer.encode("ab b ac") == [3, 2, 1, 0, 4, 4])
  }

  @Test func `the earliest learnt merge is applied first`() throws {
    let words = ["a", "b", "c</w>", "ab", "bc</w>", "abc</w>"]
    let tokens = words + ["<|startoftext|>", "<|endoftext|>"]
    let vocabulary = Dictionary(uniqueKeysWithValues: zip(tokens, Int32(0)...))
    let merges = [
      BytePairMerge("b", "c</w>"), BytePairMerge("a", "b"), BytePairMerge("a", "bc</w>"),
    ]
    #expect(
      try CLIPTokenizer(vocabulary: vocabulary, merges: merges).encode("abc") == [6, 5, 7])
    #expect(
      try CLIPTokenizer(vocabulary: vocabulary, merges: [merges[1], merges[0]]).encode("abc")
        == [6, 3, 2, 7])
  }
}
