import Drawings
import Randomness

/// Sentences about a picture of a corpus.
enum PictureCaption {
  /// How many words of a title, with keywords or a category, go into a sentence.
  private static let longest = 9

  /// A sentence of the kinds that drawings have, with the title in it, and now and then keywords or a
  /// category behind the title.
  ///
  /// - Parameter isGrey: whether the picture has no colour, so that a sentence may say so.
  static func random(
    _ picture: CaptionedPicture, isGrey: Bool, using random: inout RandomStream
  ) -> String {
    var phrases = [picture.title]
    let draw = random.uniform()
    if draw < 0.25, !picture.keywords.isEmpty {
      phrases += (0..<(1 + random.integer(below: 2))).map { _ in
        picture.keywords[random.integer(below: picture.keywords.count)]
      }
    } else if draw < 0.4, !picture.categories.isEmpty {
      phrases.append(picture.categories[random.integer(below: picture.categories.count)])
    }
    while phrases.count > 1, words(phrases) > longest { phrases.removeLast() }
    return CaptionTemplate.random(isGrey: isGrey, using: &random)
      .sentence(about: phrases.joined(separator: ", "), isPlural: isPlural(picture.title))
  }

  /// The plain sentence, which class prompts have as well.
  static func plain(_ picture: CaptionedPicture) -> String {
    CaptionTemplate.plain.sentence(about: picture.title, isPlural: isPlural(picture.title))
  }

  private static func words(_ phrases: [String]) -> Int {
    phrases.reduce(0) { $0 + $1.split(separator: " ").count }
  }

  /// Whether a title stands without an article, as "scissors" and "two dogs" do: judged by the end of
  /// its last word, which is wrong for some.
  static func isPlural(_ title: String) -> Bool {
    title.hasSuffix("s") && !["ss", "us", "is"].contains { title.hasSuffix($0) }
  }
}
