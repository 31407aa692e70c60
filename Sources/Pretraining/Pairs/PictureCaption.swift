import Drawings
import Randomness

/// Sentences about a picture of a corpus.
enum PictureCaption {
  /// The maximum number of words of a title, with keywords or a category, in a sentence.
  private static let longest = 9

  /// A sentence from the templates of drawings with the title, sometimes followed by keywords or a
  /// category.
  ///
  /// - Parameter isGrey: whether the picture has no colour, so that a sentence may mention it.
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

  /// The plain sentence, as used for class prompts.
  static func plain(_ picture: CaptionedPicture) -> String {
    CaptionTemplate.plain.sentence(about: picture.title, isPlural: isPlural(picture.title))
  }

  private static func words(_ phrases: [String]) -> Int {
    phrases.reduce(0) { $0 + $1.split(separator: " ").count }
  }

  /// Whether a title takes no article, like "scissors" and "two dogs". A heuristic based on the end
  /// of its last word, which is wrong for some.
  static func isPlural(_ title: String) -> Bool {
    title.hasSuffix("s") && !["ss", "us", "is"].contains { title.hasSuffix($0) }
  }
}
