import Foundation
import Testing

@testable import CLIP

struct TokenizerTrainerTests {
  private static let captions = ["red", "green", "blue"].flatMap { color in
    ["circle", "square", "triangle"].map { "a drawing of a \(color) \($0)." }
  }

  @Test func `a trained vocabulary has CLIP's order`() {
    let vocabulary = BytePairTrainer(vocabularySize: 530).train(on: Self.captions)
    let tokens = vocabulary.ids.sorted { $0.value < $1.value }
    #expect(tokens.map(\.value) == Array(0..<530))
    #expect(tokens[0].key == "!" && tokens[93].key == "~" && tokens[94].key == "¡")
    #expect(tokens[188].key == "Ā" && tokens[255].key == "Ń")
    #expect(tokens[256].key == "!</w>" && tokens[511].key == "Ń</w>")
    #expect(tokens[512..<528].map(\.key) == vocabulary.merges.map(\.result))
    #expect(tokens[528].key == "<|startoftext|>" && tokens[529].key == "<|endoftext|>")
  }

  @Test func `frequent words become one token each`() {
    let vocabulary = BytePairTrainer(vocabularySize: 600).train(on: Self.captions)
    let tokenizer = CLIPTokenizer(vocabulary)
    #expect(tokenizer.encode("A drawing of a GREEN triangle.").count == 9)
    #expect(tokenizer.encode("zebra").count == 7, "nothing of an unseen word is joined")
  }

  @Test func `written files give the same vocabulary and the same bytes`() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let signs = [#"quotes "" and \\ "" and \\"#, "漢字 漢字 😀 😀"]
    let vocabulary = BytePairTrainer(vocabularySize: 560).train(on: Self.captions + signs)

    try vocabulary.write(to: directory)
    #expect(try BytePairVocabulary(directory: directory) == vocabulary)
    let merges = try String(contentsOf: directory.appending(path: "merges.txt"), encoding: .utf8)
    #expect(merges.hasPrefix("#version: 0.2\n"))

    let first = try Data(contentsOf: directory.appending(path: "vocab.json"))
    try BytePairVocabulary(directory: directory).write(to: directory)
    #expect(try Data(contentsOf: directory.appending(path: "vocab.json")) == first)
  }

  @Test func `the order of the texts does not matter`() {
    let trainer = BytePairTrainer(vocabularySize: 570)
    #expect(trainer.train(on: Self.captions) == trainer.train(on: Self.captions.reversed()))
  }

  @Test func `equally frequent pairs are merged in the order of their ids`() {
    let vocabulary = BytePairTrainer(vocabularySize: 516).train(on: ["cd ab", "ab cd"])
    #expect(vocabulary.merges == [BytePairMerge("a", "b</w>"), BytePairMerge("c", "d</w>")])
  }

  @Test func `pairs below the minimum count are not merged`() {
    let trainer = BytePairTrainer(vocabularySize: 600, minimumCount: 3)
    let vocabulary = trainer.train(on: ["ab ab", "ac"])
    #expect(vocabulary.merges.isEmpty)
    #expect(vocabulary.ids.count == BytePairTrainer.smallestVocabularySize)
  }

  @Test func `the merges equal those of recounting every pair at each step`() {
    let repeats = ["abcabcabc abab bcbc aaaa aaaaa cabcab", "the bananas and cabanas"]
    let texts = Self.captions + repeats
    let vocabulary = BytePairTrainer(vocabularySize: 580).train(on: texts)
    #expect(vocabulary.merges == Self.naiveMerges(of: texts, count: vocabulary.merges.count))
  }

  /// The first `count` merges by a naive algorithm over the words as token lists.
  private static func naiveMerges(of texts: [String], count: Int) -> [BytePairMerge] {
    let ids = BytePairTrainer(vocabularySize: 514).train(on: []).ids
    var order = ids
    var words = texts.flatMap { TextSplitter.plain.pieces(of: $0) }.map { piece -> [String] in
      guard case .word(let bytes) = piece else { return [] }
      var symbols = bytes.map { ByteSymbols.symbols[Int($0)] }
      symbols[symbols.count - 1] += "</w>"
      return symbols
    }
    var merges: [BytePairMerge] = []
    while merges.count < count {
      var counts: [BytePairMerge: Int] = [:]
      for word in words {
        for (left, right) in zip(word, word.dropFirst()) {
          counts[BytePairMerge(left, right), default: 0] += 1
        }
      }
      let best = counts.max {
        ($0.value, order[$1.key.left]!, order[$1.key.right]!)
          < ($1.value, order[$0.key.left]!, order[$0.key.right]!)
      }!.key
      merges.append(best)
      order[best.result] = order[best.result] ?? Int32(order.count)
      words = words.map { word in
        word.reduce(into: []) { joined, token in
          // An already joined token is longer than the left part, so it is not used twice.
          if joined.last == best.left, token == best.right {
            joined[joined.count - 1] = best.result
          } else {
            joined.append(token)
          }
        }
      }
    }
    return merges
  }
}
