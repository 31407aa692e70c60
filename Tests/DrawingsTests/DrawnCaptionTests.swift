import Testing

@testable import Drawings

struct DrawnCaptionTests {
  private static let pairs: [DrawnPair] = {
    let source = DrawnPairSource(seed: 21, imageSize: 12)
    return (0..<4_000).map { source.pair($0) }
  }()

  @Test func `every word of a caption is in the vocabulary`() {
    let vocabulary = Set(DrawnPairSource.vocabulary)
    for pair in Self.pairs {
      #expect(vocabulary.isSuperset(of: DrawnCaption.words(pair.caption)))
    }
    #expect(vocabulary.count < 200)
  }

  @Test func `a caption names its kind`() {
    for pair in Self.pairs {
      let names = pair.kind.names + pair.kind.variants
      #expect(names.contains { pair.caption.contains($0.text) }, "\(pair.caption)")
    }
  }

  @Test func `a caption has at most fourteen words and no stray marks`() {
    for caption in Self.pairs.map(\.caption) {
      #expect(DrawnCaption.words(caption).count <= 14)
      #expect(!caption.contains("{") && !caption.contains("  "))
      #expect(caption == caption.lowercased())
      #expect(!caption.hasSuffix(" .") && !caption.hasSuffix(" "))
    }
  }

  @Test func `the article fits the word that follows it`() {
    for caption in Self.pairs.map(\.caption) {
      let words = DrawnCaption.words(caption)
      for (word, next) in zip(words, words.dropFirst()) {
        let startsWithVowel = next.first.map { "aeiou".contains($0) } ?? false
        if word == "a" { #expect(!startsWithVowel, "\(caption)") }
        if word == "an" { #expect(startsWithVowel, "\(caption)") }
      }
    }
  }

  @Test func `plural names have no article`() {
    let captions = Self.pairs.filter { $0.kind == .trouser }.map(\.caption)
    #expect(captions.contains("a photo of trousers."))
    #expect(!captions.contains { $0.contains("a trousers") || $0.contains("a pants") })
  }

  @Test func `more than half of the captions contain only the name`() {
    let bare = Self.pairs.count { pair in
      CaptionTemplate.all.map(\.text).contains { template in
        (pair.kind.names + pair.kind.variants).contains { name in
          ["", "a ", "an "].contains { article in
            template.replacing("{}", with: article + name.text) == pair.caption
          }
        }
      }
    }
    #expect(Double(bare) > 0.5 * Double(Self.pairs.count))
    #expect(Double(bare) < 0.9 * Double(Self.pairs.count))
  }

  @Test func `"a photo of" is four times as frequent as each other template`() {
    let photos = Self.pairs.count { $0.caption.hasPrefix("a photo of") }
    let icons = Self.pairs.count { $0.caption.hasPrefix("an icon of") }
    let ratio = Double(photos) / Double(icons)
    #expect(ratio > 3.3 && ratio < 4.8)
  }

  @Test func `only grey pictures are called black and white photos`() {
    for pair in Self.pairs where pair.caption.hasPrefix("a black and white photo") {
      #expect(pair.isGrey)
    }
  }

  @Test(arguments: [
    (Colour(1, 0, 0), ColourName.red), (Colour(0.1, 0.2, 0.9), .blue),
    (Colour(0.95, 0.55, 0.1), .orange), (Colour(0.4, 0.25, 0.1), .brown),
    (Colour(0.5, 0.5, 0.5), .grey), (Colour.black, .black), (Colour.white, .white),
    (Colour(0.1, 0.7, 0.2), .green), (Colour(0.95, 0.9, 0.1), .yellow),
    (Colour(0.5, 0.1, 0.8), .purple), (Colour(0.95, 0.4, 0.7), .pink),
  ])
  func `colours have common names`(colour: Colour, name: ColourName) {
    #expect(ColourName(colour) == name)
  }

  @Test func `a colour between two names has no name`() {
    #expect(ColourName(Colour(0.2, 0.8, 0.75)) == nil)
    #expect(ColourName(.grey(0.24)) == nil)
  }
}
