import Randomness

/// A sentence about a picture, with a place for what it shows.
public struct CaptionTemplate: Sendable, Equatable {
  /// The sentences; `{}` stands for the thing with its article. The first is that of the zero-shot
  /// classifiers, so it is used four times as often as each of the others.
  static let all = [
    "a photo of {}.", "clip art of {}.", "a drawing of {}.", "a picture of {}.",
    "an icon of {}.", "{}.", "a black and white photo of {}.", "{}",
  ].map(CaptionTemplate.init)

  /// That of the zero-shot classifiers.
  public static let plain = all[0]

  let text: String

  /// - Parameter isGrey: whether the picture has no colour, so that the sentence may say so.
  public static func random(isGrey: Bool, using random: inout RandomStream) -> CaptionTemplate {
    while true {
      let template = all[max(0, random.integer(below: all.count + 3) - 3)]
      if isGrey || !template.text.contains("black and white") { return template }
    }
  }

  /// The sentence about a thing, "a photo of an ankle boot."
  ///
  /// A plural has no article, nor has a thing that stands alone.
  public func sentence(about thing: String, isPlural: Bool) -> String {
    let startsWithVowel = thing.first.map { "aeiou".contains($0) } ?? false
    let article = text == "{}" || isPlural ? "" : startsWithVowel ? "an " : "a "
    return text.replacing("{}", with: article + thing)
  }
}
